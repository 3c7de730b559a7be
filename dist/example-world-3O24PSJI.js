import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
import{EXAMPLE_WORLD,SIMULATOR_CREDENTIALS}from"./chunk-DCDLG45Y.js";import"./chunk-SORVOMMK.js";export{EXAMPLE_WORLD,SIMULATOR_CREDENTIALS};
