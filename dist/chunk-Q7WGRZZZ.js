import{setFlagsFromString}from"node:v8";function collectEarly(){setFlagsFromString("--heap-growing-percent=25")}export{collectEarly};
