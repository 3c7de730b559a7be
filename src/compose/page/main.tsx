import { render } from "preact";
import { App } from "./app.tsx";

const place = document.getElementById("app");
if (!place) throw new Error("the page has no place for the app");
place.replaceChildren();
render(<App />, place);
