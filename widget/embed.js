/**
 * The one tag for a laboratory's site: <script async src="https://…/embed.js" data-key="…" data-lang="fr"></script>
 * A click opens the assistant in an iframe on this script's origin, which the site cannot read; nothing is fetched or stored
 * before it. For the site's own buttons: relais.open(), relais.close().
 */
(() => {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const origin = new URL(script.src).origin;
  const lang = (script.dataset.lang || document.documentElement.lang).startsWith("en") ? "en" : "fr";
  const words = {
    fr: { ask: "Une question sur nos médicaments\u202f?", frame: "Questions sur nos médicaments", close: "Fermer" },
    en: { ask: "A question about our medicines?", frame: "Questions about our medicines", close: "Close" },
  }[lang];

  // A page's `* { … !important }` is inherited from the host element: what matters is set again inside.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial !important; display: block !important; position: fixed !important; right: 16px !important; bottom: 16px !important; z-index: 2147483000 !important; }
    button { all: initial !important; box-sizing: border-box !important; min-height: 48px !important; padding: 12px 20px !important; border-radius: 24px !important;
      background: #0b5cad !important; color: #fff !important; font: 600 16px/1.3 system-ui, sans-serif !important; cursor: pointer !important;
      box-shadow: 0 4px 16px rgb(0 0 0/.25) !important; }
    button:hover { background: #084a8c !important; }
    button:focus-visible { outline: 3px solid #fff !important; box-shadow: 0 0 0 5px #0b5cad !important; }
    section { position: fixed; inset: auto 16px 16px auto; display: flex; flex-direction: column; width: min(420px, 100vw - 32px); height: min(720px, 100dvh - 32px);
      overflow: hidden; border-radius: 12px; background: #0b5cad; box-shadow: 0 8px 40px rgb(0 0 0/.3); }
    section.expanded { inset: 16px; width: auto; height: auto; }
    section button { align-self: flex-end !important; min-height: 44px !important; padding: 8px 16px !important; box-shadow: none !important; }
    iframe { flex: 1; border: 0; background: #f5f7f9; }
    [hidden] { display: none !important; }
    @media (max-width: 600px) { section, section.expanded { inset: 0; width: auto; height: auto; border-radius: 0; } }
    @media (forced-colors: active) { button { border: 1px solid !important; } }`);

  class Launcher extends HTMLElement {
    button = button(words.ask, () => this.open());
    panel = document.createElement("section");
    frame = document.createElement("iframe");

    connectedCallback() {
      const { panel, frame } = this;
      panel.setAttribute("role", "dialog");
      panel.setAttribute("aria-label", words.frame);
      panel.hidden = true;
      panel.onkeydown = ({ key }) => key === "Escape" && this.close();
      panel.append(
        button(`${words.close} ×`, () => this.close()),
        frame,
      );
      frame.title = words.frame;
      frame.allow = "camera; microphone; fullscreen; autoplay";
      addEventListener("message", ({ origin: from, source, data }) => {
        if (from !== origin || source !== frame.contentWindow) return;
        if (data?.type === "rd:close") this.close();
        if (data?.type === "rd:expand") panel.classList.toggle("expanded", data.expanded);
      });
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];
      root.append(this.button, panel);
    }

    open() {
      const { frame } = this;
      if (!frame.src) {
        frame.onload = () => frame.contentWindow?.postMessage({ type: "rd:open" }, origin);
        frame.src = `${origin}/assistant?${new URLSearchParams({ embedded: "1", lang, key: script.dataset.key || "" })}`;
      }
      this.panel.hidden = false;
      this.button.hidden = true;
      frame.focus();
    }

    close() {
      this.panel.hidden = true;
      this.button.hidden = false;
      this.button.focus();
    }
  }

  /**
   * @param {string} text
   * @param {() => void} act
   */
  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.onclick = act;
    return made;
  }

  customElements.define("relais-launcher", Launcher);
  const launcher = new Launcher();
  launcher.lang = lang;
  Object.assign(window, { relais: { open: () => launcher.open(), close: () => launcher.close() } });
  const start = () => document.body.append(launcher);
  if (document.body) start();
  else addEventListener("DOMContentLoaded", start);
})();
