/** What was asked, as far as the rep may know it, and where the requests to medical information stand. */

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

  return {
    /**
     * @param {import("./console-state.js").ConsoleState} state
     * @param {boolean} online
     */
    render(state, online) {
      const names = new Map(state.participants.map(({ id, name }) => [id, name]));
      none.hidden = state.questions.length > 0;
      list.hidden = state.questions.length === 0;
      count.hidden = state.questions.length === 0;
      count.textContent = String(state.questions.length);

      follow(list, [...state.questions].reverse(), ({ question_id }) => question_id, row, (row, question) => {
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
