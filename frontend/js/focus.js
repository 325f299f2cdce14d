// The summary of mistakes takes the focus, so that a screen reader starts there.
import { whenPresent } from "./ready.js";

whenPresent("[data-focus]", (element) => element.focus());
