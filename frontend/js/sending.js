// A form that only carries the browser on goes by itself; its button serves where scripts do not.
import { whenPresent } from "./ready.js";

whenPresent("form[data-sent-at-once]", (form) => form.submit());
