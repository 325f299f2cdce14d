import "htmx.org";

import "./choose.js";
import "./closing.js";
import "./confirm.js";
import "./copy.js";
import "./entry.js";
import "./filter.js";
import "./find.js";
import "./focus.js";
import "./passkey.js";
import "./sending.js";
import "./shares.js";
import "./upload.js";
