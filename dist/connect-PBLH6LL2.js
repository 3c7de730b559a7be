import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
import{clockOf,connect,connectToPay,endpointOf}from"./chunk-MHJNW7XK.js";import"./chunk-T3JUPP2D.js";import"./chunk-2VT2L7JS.js";import"./chunk-67X2QCTN.js";import"./chunk-UOUKIILU.js";import"./chunk-AGXR2I5O.js";import"./chunk-SORVOMMK.js";export{clockOf,connect,connectToPay,endpointOf};
