"""Every fixed sentence that Askwell says, in one place, so that they can be read and judged together."""

from bot.knowledge import Verdict

HEADLINES = {
    Verdict.ALLOWED: "Yes.",
    Verdict.CONDITIONAL: "Yes, if…",
    Verdict.NOT_ALLOWED: "No.",
    Verdict.REQUIRED: "You must…",
    Verdict.REFER: "Ask first.",
    Verdict.INFO: "The policy says…",
    Verdict.NOT_COVERED: "The policy doesn't say.",
    Verdict.OUT_OF_SCOPE: "Not something I cover.",
}
SHORT = {
    Verdict.ALLOWED: "yes",
    Verdict.CONDITIONAL: "yes, with conditions",
    Verdict.NOT_ALLOWED: "no",
    Verdict.REQUIRED: "you must",
    Verdict.REFER: "ask first",
    Verdict.INFO: "the policy says how",
    Verdict.NOT_COVERED: "the policy doesn't say",
    Verdict.OUT_OF_SCOPE: "not covered here",
}
THEN = {**SHORT, Verdict.REQUIRED: "the policy says what you must do"}  # where it follows a condition

# Danger and reporting
EMERGENCY = "If anyone is in danger right now, ring 999 first. You don't need anybody's permission."
EMERGENCY_QUIET = (
    "If you can't speak on a mobile, press 55 when you are asked; say where you are if you can, as it gives no location. Textphone: 18000."
)
EMERGENCY_MORE = f"{EMERGENCY_QUIET} If it is not happening now: 101."
EMERGENCY_TELL = f"Tell them what you know, such as the name and the page. {EMERGENCY_QUIET}"
NOBODY_TOLD = "I haven't told anyone, and nothing you type here is passed on."
SAFEGUARDING_STEPS = (
    "Write down what you saw or heard, in their exact words if you can. Don't question a child, don't promise to keep it secret, "
    "and don't warn or confront the person you are worried about. You need not be sure."
)
SAFEGUARDING_SILENT = (
    "Tell whoever looks after safeguarding in your organisation, or the person you report to, today. "
    "If that is the person you are worried about, go to somebody else there, or straight outside."
)
SAFEGUARDING_OUTSIDE = "You can also ring the police (101) or the council yourself; you don't need anyone's permission."
SAFEGUARDING_OUTSIDE_TOO = "You can also ring the council yourself; you don't need anyone's permission."
COUNCIL_FINDER = "To find the council's number: GOV.UK, “Report child abuse to your local council” (gov.uk/report-child-abuse-to-local-council)."
IMAGES = "If there may be an indecent image of a child: don't view it again, copy, screenshot, share or save it. Note only where it is."
ABUSE_EVIDENCE = "For threats or hateful messages: note the link, the time and the name they use before anything is deleted."
WHISTLEBLOWING_CARE = (
    "Please don't type names or details here. A work chat stays in its provider's records; I keep none of it. "
    "To look for advice, use your own phone and network."
)
WHISTLEBLOWING_SILENT = "The policy gives no way of raising wrongdoing, so I can't promise you that a report inside would stay confidential."
OWN_DISTRESS = (
    "I'm sorry you are dealing with this. You don't have to carry it alone, and it doesn't have to be your manager you talk to: "
    "choose somebody you trust."
)
ANOTHERS_TROUBLE = "Thank you for looking out for them. Ask them what would help. They can take it to somebody they trust, and so can you."
THREATS = {
    "blackmail": "Don't pay, and send nothing more. Stop answering, and keep what they wrote. If you are in danger, ring 999.",
    "at-home": "If you are in danger, ring 999; if you can't speak, press 55 when you are asked.",
}
STILL_HOLDS = "What I said before still holds. Here are the people and numbers again."
MAY_MUTE = "On your own account you can mute or block anybody, and you owe nobody a reason. Keep a copy first: the name, the time, a screenshot."
WHO_ELSE = "You can go to anybody you trust, inside or outside. It need not be the first one named here."
WHO_KNOWS = "I tell nobody. Before you tell somebody, you can ask them who else will hear of it."
OWN_LINES = "If you might harm yourself, ring 999. To talk, day or night: Samaritans, 116 123, or in England NHS 111, option 2."
NOT_TO_THEM = "Don't take it to the person it is about. Go to {others}."
ANOTHER_ONE = "Choose one whom it is not about."
SOMEBODY_ELSE = "somebody senior whom you trust, or straight to the help outside"

# When the policy has no answer
SILENT = "I found no rule on this in {short}'s policy."
NOT_FOUND = "I found no passage on this. If I got your question wrong, say it another way."
SILENT_ROLE = "This policy speaks to {bound}; it doesn't say what {role} must do here."
ASK = "Ask {who} first."
ASK_NOBODY = "The policy names nobody for doubts: ask your line manager or the person you report to before you go ahead."
CLOSEST = "The closest passage, which is not a ruling on your case:"
ROLE_PASSAGE = "What it says to {bound}:"
OUT_OF_SCOPE = "I answer questions about your organisation's social media and online conduct policy, and about whom to tell when something is wrong."
OUT_OF_SCOPE_EXAMPLES = "Try, for example: “Can I accept a friend request from a volunteer?” or “A journalist has messaged me.”"

# Around an answer
TAKEN = "From your words I took: {facts}. If that is wrong, tell me."
FACT = "{name} ({value})"
CHANGE = "That would change if the answer to “{asks}” is “{value}”: then {verdict}."
BOTH = "It depends. {branches}."
OTHERWISE, IF_NOT = "otherwise", "if not"
ONE_BRANCH = "{value}: {verdict}"
UNSURE = "If you don't know which, take the stricter one and ask {who}."
OTHERS = "If I got the question wrong, did you mean:"
WHICH = "I want to be sure what you are asking. Is it about…"
NONE_OF_THESE = "None of these"
DONT_KNOW = "I don't know"
ANALOGY = "By analogy: {says}"  # above the quote
LAW = "Not from your policy ({source}, checked {date}): {says}"
FROM_POLICY = "From the policy, “{policy}”:"
SEE_ALSO = "More on this in the policy: {sections}."
DOUBT_PASSAGE = "What it says about whom to ask:"
ALSO = "Also:"
WHO_TO_ASK = "Who to ask:"
OUTSIDE = "Outside help, not from your policy:"
NAMED = "named in the {where}"
STALE = "{title} was due for review in {due}; a newer version may exist, so check with {who}."
DRAFT = "This is Askwell's own reading of the policy; nobody at {name} has confirmed it yet."
CONFIRMED = "{by} ({role}) confirmed this reading of the policy for {name} on {on}."
CHANGED_SINCE = "This reading has changed since {by} ({role}) confirmed it on {on}; nobody at {name} has confirmed it as it stands now."
COMING = "A new version of {title} takes over on {start}. Until then this one holds."
UNDATED = "{title} carries no review date; a newer version may exist."

# Messages that are not questions
EMPTY = "I didn't get any words. Type your question in a sentence, for example: “Can I share our post on my own page?”"
VAGUE = "What is it about? Tell me in a sentence, for example: “Can I share our post on my own page?”"
NOTHING_TO_CHOOSE = "There is nothing to choose from just now. Type your question in a sentence."
ENGLISH = (
    "I only understand English. If anyone is in danger, ring 999. "
    "Rozumiem tylko po angielsku. Înțeleg doar engleza. Solo entiendo inglés. Je ne comprends que l'anglais. Só entendo inglês. "
    "Suprantu tik angliškai. Dim ond Saesneg rwy'n ei ddeall. "
    "میں صرف انگریزی سمجھتا ہوں۔ ਮੈਂ ਸਿਰਫ਼ ਅੰਗਰੇਜ਼ੀ ਸਮਝਦਾ ਹਾਂ। আমি শুধু ইংরেজি বুঝি। أفهم الإنجليزية فقط."
)
ATTACHMENT = "I can't open files, pictures or voice messages. Tell me in words what it is about."
UNDER_18 = "You say you are under 18. You can also talk to Childline about any worry: 0800 1111, free, any time."
WELCOME = "Ask me what {policy} says about your situation. I quote the policy's own words. Asking never reports you: nobody is told what you ask."
CARD_NOBODY = "Tell the person you report to, or somebody else there if it is about that person."
WHEN_DOWN = (
    "When Askwell does not answer: use this page, ring or go to the people on it, and read the policy itself. Nothing has to wait for Askwell."
)
TAKE_CARE = "Take care of yourself. Samaritans listen day and night on 116 123; if you are in danger, ring 999."
WELCOME_BACK = "You are welcome. Ask me whenever something else comes up."
NO_BACK = "There is nothing to go back to. Ask me a question."
STARTED_AGAIN = "I have forgotten what we talked about. What would you like to know?"
LEXICAL = "I can only match plain words at the moment, so I don't say yes to anything. This passage may be the one you need."
CHECK_POST = "I can't tell you that a post is fine. Look at these points:"

# Around the conversation
HELLO = "hello"
CHANGED_MEANWHILE = "The policy, or my reading of it, has changed since you asked. This is what holds now."
WRONGDOING = "I want to blow the whistle."  # what is kept of such words until it is known who asks
TOO_LATE = "That button belongs to an earlier question. Please type your question again."
THANKS = "Thank you. That helps me to get better."
SORRY_WRONG = "I'm sorry that wasn't right. Ask the person named above, or say it another way."
OFFER = "May I pass your question on to the policy's owner, without your name?"
OFFER_YES, OFFER_NO = "Yes, pass it on", "No, thank you"
PASSED_ON = "Thank you. I have passed on your question, without your name."
NOT_PASSED_ON = "All right. I have not passed it on."
WAS_IT_RIGHT, RIGHT, WRONG = "Was this right?", "Yes", "No"
WHAT_WAS_WRONG = "What was wrong? You can leave this empty."

# Comparing
UNCLEAR = "I could not tell what the question is about. Put it in a sentence."

# Reports
OFFER_FLOW = {
    "safeguarding": "Shall we tell the right person together?", "media": "Shall we tell the right person together?",
    "whistleblowing": "Shall I show you how to raise it safely?",
}  # fmt: skip
START_FLOW = {"safeguarding": "Start a report", "media": "Start", "whistleblowing": "Show me"}
SOMEBODY = "the right person"
ONE_AFTER_ANOTHER = "{first} first, and if nobody picks it up, to {rest}"
FALLBACK_TITLE = "the person who stands in"
NOBODY_TO_ASK = "Your organisation has not told me who should get this, so I can't send it. Please use the people and numbers above, today."
NOBODY_LEFT = (
    "Everybody who could get this is somebody who must not see it, so I send it to nobody. "
    "Please use the ways outside: the council, the police (101), or the lines named above."
)
NOBODY_LEFT_MEDIA = (
    "Everybody who could get this is somebody who must not see it, so I send it to nobody. "
    "Please don't reply to the journalist, and go to somebody above them whom you trust."
)
NONE_LEFT = {"safeguarding": NOBODY_LEFT, "media": NOBODY_LEFT_MEDIA}
NOBODY_ON_DUTY = (
    "Whoever is asked first is not on duty now, so it may wait for them. "
    "If it can't wait, ring the council or the police yourself (101; 999 in danger)."
)
NOBODY_ON_DUTY_MEDIA = "Whoever is asked first is not on duty now, so it may wait for them. Until you hear from them, please don't reply."
OFF_DUTY = {"safeguarding": NOBODY_ON_DUTY, "media": NOBODY_ON_DUTY_MEDIA}
NOT_IN_DIRECTORY = "I don't know {names} in your organisation's directory, so check the spelling. Nobody by that name gets this."
REPORT_STILL_OPEN = "Your report is still open. Nothing of it has been sent."
REPORT_CANCELLED = "All right. I have forgotten it, and nobody was told."
REPORT_SAVED = "I'm keeping it for you for seven days. Nothing has been sent, and nobody was told. Write “go on” when you want to go on."
REPORT_SAVED_HERE = "I'm keeping it until you leave. Nothing has been sent, and nobody was told. Write “go on” when you want to go on."
REPORT_SENT = "Sent. It goes to {who}. I'll tell you here when somebody has picked it up, and also if nobody does."
STEERING = {"go on": "resume", "continue": "resume", "resume": "resume", "carry on": "resume", "cancel": "cancel", "cancel it": "cancel"}
REPORT_NOTHING = "There is no report open."
PICKED_UP = "Somebody has picked up what you sent me."
REPORT_EXHAUSTED = (
    "Nobody has picked up what you sent me, and I have now asked everybody I can. I go on asking. "
    "Please don't wait: ring the council or the police yourself (101; 999 in danger)."
)
REPORT_EXHAUSTED_MEDIA = (
    "Nobody has picked up what you sent me, and I have now asked everybody I can. I go on asking. "
    "Please ring one of them yourself; until then, don't reply to the journalist."
)
REPORT_CLOSED_MEDIA = "What you sent me has been dealt with. If they get in touch again, tell me again."
REPORT_CLOSED = "What you sent me has been dealt with. If you are still worried, tell me again, or ring the council or the police (101)."
REPORT_FIRST = "You have a report open. Send, keep or cancel that one first: write “go on” to see it."
RESUME_ASKS, RESUME_IT = "Your report is kept, and nothing of it has been sent.", "Go on with your report"
BEHALF_OPENING = (
    "If anyone is in danger right now, ring 999 first, or ask whoever told you to.",
    "Write down what you were told, in their own words where you can. Don't question a child.",
)
BEHALF_IT = {"safeguarding": "Somebody may be at risk", "media": "Contact from the media"}
BEHALF_ASKS = "Write down what somebody told you"
BEHALF_WHY = "For somebody who phoned or came to you. It becomes a case like any other, and says who told it."
BEHALF_YOURS = "It will be yours as soon as you send it. Nobody else is asked, unless you leave it for a day or hand it over."
YOURSELF = "you"
BEHALF_SENT = "It is written down, and you have it. It waits for you on Askwell's board. Nobody else has been asked."
DUTIES = {"safeguarding-lead": "the safeguarding lead", "line-manager": "your line manager"}
PING_WHERE = "Open it here and sign in: {where}"
PING_OPEN = "Open Askwell's board, or your messages with Askwell, and take it there."
PING = "Askwell: something needs you by {time} · ref {reference}"
STEP = "{title}: step {number} of {of}"
REVIEW = "Please read it once more:"
GOES_TO = "It goes to {who}."
TERMINAL_FORM = "Type your answer, or: back, skip, save, cancel."
TERMINAL_REVIEW = "Type send, change and a number, back, save, or cancel."
NOTHING_SENT_YET = "I haven't told anyone. Nothing is sent until you press Send."
SEND, CHANGE_IT, SAVE_IT, CANCEL_IT, GO_BACK, SKIP_IT = "Send", "Change", "Keep for later", "Cancel", "Back", "Skip"

# Speaking up
SPEAKUP_LINK = (
    "Your organisation has a form for this, apart from everything else, without a name or sign-in. "
    "It says first who could read what you write. Open it on your own phone, not on a work one: {form}"
)
ROLES_SAID = {"staff": "staff", "manager": "line manager", "volunteer": "volunteer", "director": "director, trustee or board member"}

# Who asks
WHICH_ORGANISATION = "Which organisation are you with?"
WHICH_ROLE = "What are you there?"
ROLE_LABELS = ("Staff", "Line manager", "Volunteer", "Director, trustee or board member")

# Slack
FILE = "[file]"  # stands in a message for what was attached to it
NUDGE = "I've sent you a message, so that we can go on in private."
ANSWER_READY = "I have an answer for you. Press Open to read it; only you will see it. If anyone is in danger now, ring 999."
OPEN, SHOW_REST, CLOSE, CANCEL, SEND = "Open", "Show the rest", "Close", "Cancel", "Send"
NOT_OPENED = "That didn't open. Please press it again."
GONE = "I no longer have that answer. Please ask me again."
NOT_YOURS = "That button belongs to somebody else's question. Ask me your own and I'll answer you."
CHOSEN = "You chose: {label}"
RECEIPT = "Receipt {code}"
ASK_ABOUT = "Ask about this message"
ASK_FIELD, ASK_SEND = "What do you want to know about it?", "Ask"
ASK_HINT = "You can leave this empty. I answer you in private; nobody else sees that you asked."
ASK_CUT = "The message is long: this is its beginning, and all that I read of it."
SUGGESTED = (
    "Can I accept a friend request from a volunteer?",
    "A journalist has messaged me. What do I do?",
    "Can I share our post on my own page?",
    "What may I post about my work?",
)
YOUR_POLICY = "your organisation's policy"
HOME_HOW = "Write to me under Messages, mention me in a channel, or type /askwell. What is sensitive I answer only in private."
HOME_KEPT = "Slack keeps what you write to me like any other message, and the owners of your workspace may be able to read it."
HOME_TRY, HOME_TRY_HOW = "Try one of these", "The answer comes under Messages."
HOME_OPEN = "Your open question: {question}"
HOME_RESTART = "Start again"
HOME_YOU, HOME_CHANGE = "You told me: {role}, {organisation}.", "That's not me"
HOME_MEMBER = "I know you as: {role}, {organisation}."
HOME_READ = "Read the policy"
HOME_WAITING, HOME_DUE, HOME_CASE = "Waiting for you", "by {time}", "ref {reference}"
ONE_MOMENT = "One moment…"
REPORT_TITLE, NEXT_STEP, YOUR_CHANGE = "Report", "Next", "Change: {question}"
REPORT_LATE = "That came too late for the step it was meant for, and I have not used it. This is where your report stands."
REPORT_ELSEWHERE = "Your report has moved on or is closed. Write “go on” to me under Messages to see where it stands."
PEOPLE_FIELD, PEOPLE_OTHERS = "Choose the people", "Somebody else, one name on a line"
CASE_TITLE, CASE_OPEN, CASE_TAKE, CASE_SAVE = "Case", "Open", "I'll take it", "Save"
CASE_NOTHING = "There is nothing here that you can open or take. Somebody else may have it already."
CASE_ON_BOARD = "I don't show this one in Slack. Please read it on Askwell's board."
CASE_STANDS = {"open": "Nobody has taken it yet.", "taken": "{who} has it.", "closed": "It is closed."}
CASE_DO, CASE_TEXT, CASE_TO = "What do you want to do?", "What happened", "Hand it over to"
CASE_ACTS = {
    "note": "Add a note", "decision": "Write down a decision", "wait": "Wait for somebody outside", "hand-over": "Hand it over",
    "link": "Link it with another case", "unlink": "Take a link back", "close": "Close it",
}  # fmt: skip
CASE_DID = {
    "take": "Took it", "note": "Note", "decision": "Decision", "wait": "Waiting", "hand-over": "Handed over to", "link": "Linked with",
    "unlink": "No longer linked with", "close": "Closed",
}  # fmt: skip
CASE_LINK_WHY = "Small worries can add up. Only those who may read both cases see the link; nobody sees more than before."
CASE_WAITS, CASE_ON, CASE_OUTCOME = "Waiting for: {what}.", "Whom you are waiting for", "How it ended"
CASE_WHICH, CASE_SHEET = "The case it belongs with", "A sheet to print"
CASE_KINDS = {"safeguarding": "Somebody may be at risk", "media": "Contact from the media", "whistleblowing": "Wrongdoing at work"}
CASE_MOVED = "That did not go through: the case has moved on, is somebody else's now, or can't go where you chose. This is how it stands."
CASE_EARLIER, HOME_MORE = "What was written down before that stands on Askwell's board.", "There are more on Askwell's board."
CASE_OUTSIDE, CASE_LINKED, CASE_BACK = "Who outside may have to know", "Linked cases", "Back to the case"
CASE_NEEDS_DAY = "Please choose a day from tomorrow on, within two weeks."
CASE_NEEDS_ONE, CASE_UNTIL, CASE_KNOW = "Please choose one.", "Remind me on", "What they should know"
CASE_SAID, CASE_WHY, CASE_DONE = "What happened, or what is to come", "What you decided, and why", "What was done, and why"
CASE_YOURS, CASE_PURGED = "You have it.", "It is no longer kept."
REFER_999 = "999 first, if anyone may still be in danger."
REFER_CHILDREN = "Children's services at the council, for a child or young person: today, by phone."
REFER_LADO = "The council's designated officer (LADO), as it may be about somebody who works with children: within one working day."
REFER_ADULTS = "Adult social care at the council, for an adult who may need care and support: today, by phone."
REFER_POLICE = "The police, where it may be a crime: 101, or 999 if it is happening now."
REFER_YOURS = "You decide, and you need not be sure to ring them. If in doubt, ring and ask."
WAITS = {
    "police": "The police", "council-children": "Children's services at the council", "council-adults": "Adult social care at the council",
    "lado": "The council's designated officer (LADO)", "other": "Somebody else",
}  # fmt: skip
OUTCOMES = {
    "council": "Passed to the council", "police": "Passed to the police", "here": "Dealt with here", "nothing": "No further action",
}  # fmt: skip
CASE_NEEDS_TEXT, CASE_NEEDS_PERSON = "Please write a few words.", "Please choose who gets it."
CASE_KEPT = "Slack may keep what you write here. Keep it short, and put the full record on Askwell's board or in your own files."
CASE_ENTRY = "{by}, {on}: {what}"
MANIFEST_SHORT = "Tells you what your organisation's policy says about your situation, in the policy's own words."
MANIFEST_SHORTCUT = "See in private what your policy says about a message."

# Teams
COMMANDS = (
    ("Hello", "What I do, and what happens with what you write to me."),
    ("Back", "One step back in what we are talking about."),
    ("Start again", "I forget what we talked about."),
    ("Go on", "Go on with a report that you have begun."),
)
ASK_ABOUT_TEAMS = "Ask Askwell about this"
MANIFEST_TEAMS = "Says what your policy says about your situation, in its own words."
MANIFEST_FULL = (
    "Ask in your own words about social media and online conduct, and about whom to tell when something is wrong. Askwell answers with what your "
    "organisation's policy says about it, in the policy's own words, and whom to ask. Where the policy is silent it says so. It can help you to tell "
    "the right person about a worry. Asking never reports you. Nothing that you write leaves your organisation's server and Microsoft Teams."
)
CITED = "From your policy: {numbers}"
HAVE_IT = "I have that already."
PICK_ONE, PICK_IT, PICK_FIRST = "Choose one", "Choose", "Please choose one from the list first, then press again."
ASK_HINT_TEAMS = "You can leave this empty. Nobody else sees that you asked, or what I answer."
REPORT_MOVED = "Your report has moved on or is closed. Write “go on” to me in our chat to see where it stands."
CASE_ON_BOARD_TEAMS = "I don't show this one in Teams. Please read it on Askwell's board."
CASE_KEPT_TEAMS = "Keep what you write here short, and put the full record on Askwell's board or in your own files."

# To whoever runs Askwell; never what anybody wrote, nor whose it was
ALARM_SUBJECT = "Askwell needs you"
ALARM_GIVEN_UP = "Messages that could not be delivered, and that are not tried again: {count}."
ALARM_WAITING = "Messages have been waiting for {minutes} minutes to be sent."
ALARM_DATABASE = "The database has not answered for {minutes} minutes, so nobody gets an answer."
ALARM_HOW = "Run `askwell doctor --online` on the server, and look under “When something is wrong” in docs/operations.md."
AUDIT_SUBJECT = "Askwell: please keep these seals"
AUDIT_TEXT = (
    "Keep this mail where whoever runs Askwell cannot change it. With it you can find out whether anything was cut from the audit of reports: "
    "let them run `askwell cases seals {at}`, and compare.\n\n{seals}\n\nSuch a mail comes each day, whether or not there are reports."
)

# The terminal
CHOOSE_NUMBER = "Type a number from 1 to {most}."
CHOOSE_ONE = "There is only one choice: type 1 for it, or your question in a sentence."
CHAT_HELP = "Type a question, or the number of a choice. “back” goes one step back, “start again” forgets, “quit” leaves."
GOODBYE = "Goodbye. Nothing of this conversation was kept."
