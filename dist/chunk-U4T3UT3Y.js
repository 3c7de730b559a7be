import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);
var CODES={bold:[1,22],dim:[2,22],red:[31,39],green:[32,39],yellow:[33,39]};function paint(style,how,text){let[on,off]=CODES[how];return style.color?`\x1B[${on}m${text}\x1B[${off}m`:text}export{paint};
