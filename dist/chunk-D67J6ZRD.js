var Failure=class extends Error{name="Failure";hint;constructor(message,hint){super(message),this.hint=hint}};export{Failure};
