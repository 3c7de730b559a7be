import * as fc from "fast-check";

/** A mutant that a property can find is found by a few samples; the whole number is for the code as it is. */
fc.configureGlobal({ numRuns: 20, seed: 1 });
