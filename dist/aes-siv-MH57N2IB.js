import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
import{SECRET_LENGTH,idOfSecret,labKeyOf}from"./chunk-QPALILSN.js";import"./chunk-3UW2XLHN.js";import"./chunk-WRHBTRFN.js";import"./chunk-SORVOMMK.js";export{SECRET_LENGTH,idOfSecret,labKeyOf};
