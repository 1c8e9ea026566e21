/** The conversation on the page: its log, where the HCP writes, and the two ways to a person, always at the same place. */

import { composer, requestDialog } from "./composer.js";
import { byId } from "./element.js";
import { Log } from "./log.js";
import { uuid7 } from "./outbox.js";
import { entries, lastQuestion } from "./transcript.js";

/**
 * @typedef {import("./words.js").Words} Words
 * @typedef {import("./transcript.js").Unsent} Unsent
 * @typedef {import("./transcript.js").Entry} Entry
 * @typedef {import("./state.js").RoomState} RoomState
 * @typedef {import("./outbox.js").Answer} Answer
 * @typedef {"ask_question" | "request_person" | "report_adverse_event" | "write_to_rep"} Deed
 *
 * @typedef {object} Options
 * @property {Words} words
 * @property {(name: Deed | "judge_reply", body: {id?: string, [field: string]: any}) => Promise<Answer>} send
 * @property {(citations: import("./events").CitedPassage[]) => void} openPassage
 * @property {() => void} onChange what is not sent yet has changed: draw again
 */

export class Conversation {
  /** @type {Unsent[]} */
  #unsent = [];
  /** @type {{id: string, text: string} | null} */
  #lastQuestion = null;
  #options;
  #composer;
  #log;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
    this.#composer = composer(byId("composer", HTMLFormElement), (text, toRep) => (toRep ? this.#do("write_to_rep", { text }) : this.#ask(text)));
    this.#log = new Log(byId("log", HTMLElement), options.words, {
      ask: (text) => this.#ask(text),
      requestPerson: (question_id, text = null) => this.#do("request_person", { question_id, text }),
      openPassage: options.openPassage,
      judge: (told) => void options.send("judge_reply", told),
      report: (text) => report(text),
      takeBack: (id) => this.#takeBack(id),
      leave: () => this.#composer.focus(),
    });
    requestDialog("person", {
      openers: document.querySelectorAll("[data-opens='person']"),
      prepare: (field, dialog) => this.#preparePerson(field, dialog),
      send: (text) => this.#do("request_person", { question_id: text ? null : (this.#lastQuestion?.id ?? null), text: text || null }),
    });
    const report = requestDialog("report", {
      openers: document.querySelectorAll("[data-opens='report']"),
      send: (text) => this.#do("report_adverse_event", { text }),
    });
    for (const shape of document.querySelectorAll("[data-shape]")) {
      shape.addEventListener("click", () => this.#composer.write(/** @type {HTMLElement} */ (shape).dataset.shape ?? ""));
    }
  }

  /**
   * @param {RoomState} state
   * @returns {Entry[]} what is now on screen
   */
  render({ conversation }) {
    this.#lastQuestion = lastQuestion(conversation);
    const said = entries(conversation, this.#unsent);
    this.#log.render(said);
    this.#composer.tellRecipient();
    byId("welcome", HTMLElement).hidden = said.length > 0;
    this.#unsent = said.flatMap((entry) => (entry.kind === "unsent" ? [entry.unsent] : []));
    return said;
  }

  /** @param {string} text */
  #ask(text) {
    this.#do("ask_question", { text, language: this.#options.words.lang });
  }

  /**
   * @param {Deed} name
   * @param {{text: string | null, [field: string]: any}} body
   */
  async #do(name, body) {
    const id = uuid7();
    this.#unsent = [...this.#unsent, { id, name, text: body.text, at: new Date().toISOString(), refusal: null }];
    this.#options.onChange();
    this.#conclude(id, await this.#options.send(name, { ...body, id }));
  }

  /**
   * Show what an earlier page left unsent; what is no part of a conversation only if it is refused.
   *
   * @param {import("./outbox.js").KeptAct[]} acts
   */
  takeUp(acts) {
    const waiting = acts
      .filter(({ message }) => "text" in message)
      .map(({ name, message: { id, text }, at }) => ({ id, name, text, at, refusal: null }));
    this.#unsent = [...waiting, ...this.#unsent];
    for (const { message: { id }, at, answer } of acts) {
      answer.then((became) => {
        if (!became.ok && !this.#unsent.some((unsent) => unsent.id === id)) {
          this.#unsent = [...this.#unsent, { id, name: "act", text: null, at, refusal: null }];
        }
        this.#conclude(id, became);
      });
    }
    this.#options.onChange();
  }

  /**
   * @param {string} id
   * @param {Answer} answer
   */
  #conclude(id, answer) {
    // A request that was there already stays under its own id: nothing will be put on record for this one.
    const recordedElsewhere = answer.ok && (answer.inquiry_id ?? id) !== id;
    const became = answer.ok ? { sent: true } : { refusal: answer.message || this.#options.words.say("unsent_given_up") };
    this.#unsent = recordedElsewhere
      ? this.#unsent.filter((unsent) => unsent.id !== id)
      : this.#unsent.map((unsent) => (unsent.id === id ? { ...unsent, ...became } : unsent));
    this.#options.onChange();
  }

  /** @param {string} id */
  #takeBack(id) {
    const refused = this.#unsent.find((unsent) => unsent.id === id);
    this.#unsent = this.#unsent.filter((unsent) => unsent.id !== id);
    this.#options.onChange();
    if (refused?.text) this.#composer.write(refused.text);
  }

  /**
   * An MSL can be asked about the last question without writing it again; a draft in the composer comes along.
   *
   * @param {HTMLTextAreaElement} field
   * @param {HTMLDialogElement} dialog
   */
  #preparePerson(field, dialog) {
    const { say } = this.#options.words;
    field.value ||= this.#composer.draft;
    field.required = this.#lastQuestion === null;
    const hint = /** @type {HTMLElement} */ (dialog.querySelector(".hint"));
    hint.textContent = this.#lastQuestion ? say("person_hint_last", { question: this.#lastQuestion.text }) : say("person_hint");
  }
}
