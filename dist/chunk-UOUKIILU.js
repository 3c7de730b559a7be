import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
var Failure=class extends Error{name="Failure";hint;constructor(message,hint){super(message),this.hint=hint}};export{Failure};
