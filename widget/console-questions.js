/** What was asked and written, as far as the rep may know it, and where the requests to medical information stand. */

import { byId } from "./element.js";
import { fill, follow, showState, stamp } from "./stamp.js";

/** What stands in the place of words that are not for the rep. @type {Record<string, string>} */
const UNTOLD = { decline: "question_off_topic" };

/**
 * @param {{words: import("./words.js").Words, answered: (questionId: string) => Promise<unknown>}} parts `answered`: by the rep's voice
 */
export function questionsView({ words, answered }) {
  const list = byId("questions", HTMLElement);
  const none = byId("no-question", HTMLElement);
  const count = byId("question-count", HTMLElement);
  const requests = byId("requests", HTMLElement);

  /** @param {import("./console-state.js").HeardQuestion} question */
  function row({ question_id }) {
    const node = stamp("question-row");
    const button = node.querySelector('[data-act="oral"]');
    button?.addEventListener("click", async () => {
      await answered(question_id);
      list.focus();
    });
    return node;
  }

  /**
   * @param {HTMLElement} row
   * @param {import("./console-state.js").Message} message
   * @param {Map<string, string | null>} names
   */
  function renderMessage(row, { participant_id, by, text, at }, names) {
    const name = names.get(participant_id ?? "") ?? words.say("untracked");
    fill(row, {
      time: words.hour(at),
      who: participant_id === null ? words.say("message_to_everyone") : words.say(`message_by_${by}`, { name }),
      text: text === null ? words.say("message_reserved") : words.typeset(text),
    });
    row.classList.toggle("reserved", text === null);
  }

  return {
    /**
     * @param {import("./console-state.js").ConsoleState} state
     * @param {boolean} online
     */
    render(state, online) {
      const names = new Map(state.participants.map(({ id, name }) => [id, name]));
      none.hidden = state.questions.length + state.messages.length > 0;
      list.hidden = !none.hidden;
      count.hidden = state.questions.length === 0;
      count.textContent = String(state.questions.length);

      const said = [...state.questions, ...state.messages].sort((one, other) => other.at.localeCompare(one.at));
      follow(list, said, key, (one) => ("message_id" in one ? stamp("message-row") : row(one)), (row, one) => {
        if ("message_id" in one) return renderMessage(row, one, names);
        const question = one;
        fill(row, {
          time: words.hour(question.at),
          slide: question.slide_number === null ? null : words.say("slide_number", { number: question.slide_number }),
          who: names.get(question.participant_id) ?? words.say("untracked"),
          text: question.text === null ? words.say(UNTOLD[question.outcome] ?? "question_reserved") : words.typeset(question.text),
          documents: question.documents.map(words.typeset).join(" · "),
        });
        row.classList.toggle("reserved", question.text === null);
        showState(row, question.outcome);
        row.querySelector('[data-mark="oral"]')?.toggleAttribute("hidden", !question.orally);
        // What medical keeps to itself is not the rep's to answer.
        row.querySelector('[data-act="oral"]')?.toggleAttribute("hidden", !online || question.orally || question.text === null);
      });

      requests.hidden = state.requests.length === 0;
      follow(requests, state.requests, ({ number }) => number, () => stamp("request-row"), (row, request) => {
        fill(row, { number: words.say("request_number", { number: request.number }) });
        showState(row, request.state);
      });
    },
  };
}

/**
 * @param {import("./console-state.js").HeardQuestion | import("./console-state.js").Message} said
 */
function key(said) {
  return "message_id" in said ? said.message_id : said.question_id;
}
