import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
import{Failure}from"./chunk-UOUKIILU.js";var PlatformFailure=class extends Failure{name="PlatformFailure";code;constructor(code,message,hint){super(message,hint),this.code=code}};export{PlatformFailure};
