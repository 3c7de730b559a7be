import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
import{asking,connectGitHub}from"./chunk-VL6Q7Q55.js";import"./chunk-VMOFRE6K.js";import"./chunk-UOUKIILU.js";import"./chunk-SORVOMMK.js";export{asking,connectGitHub};
