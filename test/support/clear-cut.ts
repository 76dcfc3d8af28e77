/** A question that people do not argue about. */
export interface ClearCut {
  state: string;
  instructions: string;
  /** Undefined: yes or no. An object: one of its keys. A list: a level. */
  criteria?: Record<string, string | null> | string[];
  right: string;
}

const yes = (state: string, instructions: string): ClearCut => ({ state, instructions, right: "Yes" });
const no = (state: string, instructions: string): ClearCut => ({ state, instructions, right: "No" });
const choice = (
  state: string,
  instructions: string,
  right: string,
  criteria: Record<string, string | null>,
): ClearCut => ({ state, instructions, criteria, right });
const level = (state: string, instructions: string, right: string, criteria: string[]): ClearCut => ({
  state,
  instructions,
  criteria,
  right,
});

const MOOD = ["Negative", "Neutral", "Positive"];
const URGENCY = ["Can wait", "This week", "Right now"];
const TEAMS = {
  billing: "Payments, invoices and refunds",
  technical: "Bugs and errors",
  shipping: "Parcels and delivery",
};
const LANGUAGES = { python: null, rust: null, sql: null, html: null };
const TOPICS = { sports: null, cooking: null, finance: null, medicine: null };

/** Forty of them. */
export const CLEAR_CUT: readonly ClearCut[] = [
  yes("I was charged twice for one order. I want my money back.", "Does the customer ask for a refund?"),
  no("Thank you, the parcel came today and everything is perfect.", "Does the customer ask for a refund?"),
  yes("Congratulations! You won $1,000,000. Click here to claim your prize now!!!", "Is this message spam?"),
  no("Hi Anna, can we move our meeting to three o'clock? Regards, Tom", "Is this message spam?"),
  yes("def add(a, b):\n    return a + b", "Is this source code?"),
  no("The garden was quiet, and the roses smelled sweet after the rain.", "Is this source code?"),
  yes(
    "HTTP 500: internal server error at /checkout, since this morning.",
    "Does the text report a technical error?",
  ),
  no("I would like to subscribe to your monthly newsletter.", "Does the text report a technical error?"),
  yes("Call me at 555-0142 or write to jane@example.com.", "Does the text contain an e-mail address?"),
  no("We met at the station and walked home.", "Does the text contain an e-mail address?"),
  yes("Le chat dort sur le canapé toute la journée.", "Is the text written in French?"),
  no("The cat sleeps on the sofa all day.", "Is the text written in French?"),
  yes("This is the worst phone I have ever owned. It broke after a day.", "Is the writer dissatisfied?"),
  no("Lovely hotel, friendly staff, and a wonderful breakfast!", "Is the writer dissatisfied?"),
  choice("I was charged twice this month.", "Which team should answer?", "billing", TEAMS),
  choice("The app crashes when I press Save.", "Which team should answer?", "technical", TEAMS),
  choice(
    "My parcel has not arrived; the tracking has not moved for ten days.",
    "Which team should answer?",
    "shipping",
    TEAMS,
  ),
  choice("Please send me a copy of the invoice for March.", "Which team should answer?", "billing", TEAMS),
  choice(
    "def greet(name):\n    print(f'Hello {name}')",
    "Which language is this code written in?",
    "python",
    LANGUAGES,
  ),
  choice(
    'fn main() { let mut x = 5; println!("{}", x); }',
    "Which language is this code written in?",
    "rust",
    LANGUAGES,
  ),
  choice(
    "SELECT name FROM users WHERE age > 30 ORDER BY name;",
    "Which language is this code written in?",
    "sql",
    LANGUAGES,
  ),
  choice('<div class="box"><p>Hello</p></div>', "Which language is this code written in?", "html", LANGUAGES),
  choice(
    "The striker scored twice and the team won the cup final.",
    "What is the text about?",
    "sports",
    TOPICS,
  ),
  choice(
    "Simmer the onions in butter, then add the stock and salt.",
    "What is the text about?",
    "cooking",
    TOPICS,
  ),
  choice(
    "The central bank raised interest rates, and shares fell.",
    "What is the text about?",
    "finance",
    TOPICS,
  ),
  choice(
    "The patient has a fever; the doctor prescribed antibiotics.",
    "What is the text about?",
    "medicine",
    TOPICS,
  ),
  choice("Guten Morgen, wie geht es Ihnen heute?", "Which language is the text in?", "German", {
    English: null,
    German: null,
    Spanish: null,
  }),
  choice("Buenos días, ¿cómo está usted hoy?", "Which language is the text in?", "Spanish", {
    English: null,
    German: null,
    Spanish: null,
  }),
  choice("Good morning, how are you today?", "Which language is the text in?", "English", {
    English: null,
    German: null,
    Spanish: null,
  }),
  choice("Turn off the lights in the kitchen.", "What should the assistant do?", "switch a lamp", {
    "switch a lamp": null,
    "play music": null,
    "set a timer": null,
  }),
  choice("Wake me in twenty minutes.", "What should the assistant do?", "set a timer", {
    "switch a lamp": null,
    "play music": null,
    "set a timer": null,
  }),
  choice("Put on some jazz, please.", "What should the assistant do?", "play music", {
    "switch a lamp": null,
    "play music": null,
    "set a timer": null,
  }),
  level(
    "I hate this product. It is a complete waste of money.",
    "What is the mood of the text?",
    "Negative",
    MOOD,
  ),
  level("The box contains four screws and a manual.", "What is the mood of the text?", "Neutral", MOOD),
  level(
    "I love it! The best purchase I have made all year.",
    "What is the mood of the text?",
    "Positive",
    MOOD,
  ),
  level("Awful service, rude staff, never again.", "What is the mood of the text?", "Negative", MOOD),
  level("The building is on fire and people are trapped inside!", "How urgent is it?", "Right now", URGENCY),
  level(
    "Some day you could think about a darker shade of blue for the logo. No hurry at all.",
    "How urgent is it?",
    "Can wait",
    URGENCY,
  ),
  level("The production server is down and no customer can pay.", "How urgent is it?", "Right now", URGENCY),
  level(
    "What a fantastic concert, we danced all night and smiled all the way home.",
    "What is the mood of the text?",
    "Positive",
    MOOD,
  ),
];
