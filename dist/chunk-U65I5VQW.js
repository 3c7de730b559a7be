import{setFlagsFromString}from"node:v8";function collectEarly(){setFlagsFromString("--semi-space-growth-factor=1"),setFlagsFromString("--heap-growing-percent=25")}export{collectEarly};
