"""The text of the demo app's key in a product that was started by this runner: made from its secret, like the cast's."""

import hmac

from tests.faults.product import SECRET

APP = "fst_" + hmac.new(SECRET.encode(), b"cast:demo-app", "sha256").hexdigest()
