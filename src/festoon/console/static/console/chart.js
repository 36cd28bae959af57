// Draws every [data-chart] from the JSON beside it, in the page's colours; again when either changes.
const drawn = new WeakMap();
const shown = new WeakMap();
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// A figure in the language of the page: money bears its sign.
function writes(currency, how) {
  const money = currency ? { style: "currency", currency, currencyDisplay: "narrowSymbol" } : {};
  const format = new Intl.NumberFormat(document.documentElement.lang, { ...money, ...how });
  return (value) => format.format(value);
}

// Colours arrive as the names of CSS variables, so that one option serves both themes.
function coloured(value) {
  if (typeof value === "string" && value.startsWith("--")) return css(value);
  if (Array.isArray(value)) return value.map(coloured);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, coloured(inner)]));
  }
  return value;
}

function themed(option, width, currency) {
  const line = css("--tblr-border-color");
  const quiet = css("--quiet");
  const axis = {
    axisLine: { lineStyle: { color: line } }, axisTick: { show: false },
    axisLabel: { color: quiet, hideOverlap: true }, splitLine: { lineStyle: { color: line } },
  };
  // On a narrow chart that lies, so many lines that their figures have room.
  const lines = option.yAxis?.type === "category" && width < 420 ? { splitNumber: width < 300 ? 2 : 3 } : {};
  // Long names take two lines there before they take the room of the bars.
  const long = width < 420 && option.yAxis?.data?.some((name) => String(name).length > 14);
  const names = long ? { axisLabel: { width: Math.round(width * 0.36), overflow: "break", lineHeight: 13 } } : {};
  const few = writes(currency, { notation: "compact", maximumFractionDigits: 1, useGrouping: "always" });
  const short = (one) => (one.type === "value" ? { formatter: few } : {});
  const dress = (one) => ({ ...axis, ...one, ...(one.type === "value" ? lines : {}), axisLabel: { ...axis.axisLabel, ...short(one), ...one.axisLabel } });
  const { xAxis, yAxis, ...rest } = coloured(option);
  return {
    color: [1, 2, 3, 4, 5, 6].map((n) => css(`--chart-${n}`)),
    textStyle: { fontFamily: css("--tblr-font-sans-serif"), color: css("--tblr-body-color") },
    tooltip: { trigger: "axis", backgroundColor: css("--tblr-bg-surface"), borderColor: line, textStyle: { color: css("--tblr-body-color") }, ...(currency ? { valueFormatter: writes(currency) } : {}) },
    animationDuration: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 400,
    ...rest,
    ...(rest.legend ? { legend: { top: 0, right: 0, textStyle: { color: quiet }, icon: "roundRect", itemWidth: 12, itemHeight: 8, ...rest.legend } } : {}),
    ...(xAxis ? { xAxis: dress(xAxis) } : {}),
    ...(yAxis ? { yAxis: dress({ ...names, ...yAxis }) } : {}),
  };
}

function draw(box) {
  const data = document.getElementById(box.dataset.chart);
  if (!data) return;
  let chart = drawn.get(box);
  if (!chart) {
    chart = echarts.init(box, null, { renderer: "svg" });
    drawn.set(box, chart);
    new ResizeObserver(() => chart.resize()).observe(box);
  }
  const asked = document.documentElement.dataset.bsTheme + data.textContent;
  if (shown.get(box) === asked) return;
  shown.set(box, asked);
  chart.setOption(themed(JSON.parse(data.textContent), box.clientWidth, box.dataset.currency), { notMerge: true });
}

const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
document.addEventListener("theme", () => setTimeout(drawAll));
document.addEventListener("htmx:after:swap", drawAll);
drawAll();
