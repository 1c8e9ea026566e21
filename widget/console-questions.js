/** What was asked, as far as the rep may know it, and where the requests to medical information stand. */

import { byId } from "./element.js";
import { fill, follow, showState, stamp } from "./stamp.js";

/** What stands in the place of words that are not for the rep. @type {Record<string, string>} */
const UNTOLD = { decline: "question_off_topic" };

/**
 * @param {{words: import("./words.js").Words}} parts
 */
export function questionsView({ words }) {
  const list = byId("questions", HTMLElement);
  const none = byId("no-question", HTMLElement);
  const count = byId("question-count", HTMLElement);
  const requests = byId("requests", HTMLElement);

  return {
    /** @param {import("./console-state.js").ConsoleState} state */
    render(state) {
      const names = new Map(state.participants.map(({ id, name }) => [id, name]));
      none.hidden = state.questions.length > 0;
      list.hidden = state.questions.length === 0;
      count.hidden = state.questions.length === 0;
      count.textContent = String(state.questions.length);

      follow(list, [...state.questions].reverse(), ({ question_id }) => question_id, () => stamp("question-row"), (row, question) => {
        fill(row, {
          time: words.hour(question.at),
          slide: question.slide_number === null ? null : words.say("slide_number", { number: question.slide_number }),
          who: names.get(question.participant_id) ?? words.say("untracked"),
          text: question.text === null ? words.say(UNTOLD[question.outcome] ?? "question_reserved") : words.typeset(question.text),
          documents: question.documents.map(words.typeset).join(" · "),
        });
        row.classList.toggle("reserved", question.text === null);
        showState(row, question.outcome);
      });

      requests.hidden = state.requests.length === 0;
      follow(requests, state.requests, ({ number }) => number, () => stamp("request-row"), (row, request) => {
        fill(row, { number: words.say("request_number", { number: request.number }) });
        showState(row, request.state);
      });
    },
  };
}
