import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
import{startSimulator}from"./chunk-MSSMGQME.js";import"./chunk-DCDLG45Y.js";import"./chunk-GGNGG3LO.js";import"./chunk-SORVOMMK.js";export{startSimulator};
