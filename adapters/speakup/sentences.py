"""What the confidential form says when something is missing or goes wrong, and why nobody here may read a report."""

from bot.speakup.desk import Nobody

# name: (status, what is wrong, what to do)
REFUSALS = {
    "old": (410, "This page is too old", "Nothing of it was sent. A page works for two hours, so that nobody finds it open. Please start again."),
    "form": (400, "Something was missing in what your browser sent", "Nothing was kept. Please start again."),
    "file": (
        415, "I don’t take files",
        "Nothing was kept. Files carry hidden marks that can show who made, copied or printed them. Say in words what there is and where it is kept.",
    ),
    "long": (413, "That is too long for one page", "Nothing was kept. Please start again with fewer words; with your receipt you can add more."),
    "busy": (503, "Too many people are here at this moment", "Nothing was done. Nothing is lost: wait a minute, then press “Try again”."),
    "full": (507, "There is no room for another report", "Nothing was kept. Please choose one of the ways outside; you find them at the start."),
    "down": (503, "I can’t reach my own records", "Nothing was done, and nothing is lost: wait a while, then press “Try again”."),
    "broken": (
        500, "Something went wrong on my side",
        "I can’t say whether it was kept. Try again later, or choose a way outside; you find them at the start.",
    ),
    "page": (404, "There is no such page", "Nothing was done."),
}  # fmt: skip

WHERE = "Please choose where it is first."
AGAIN = "I have worked it out anew. Please look once more who could read it."
CHANGED = "Meanwhile it has changed who could read it, so nothing was sent. Please look once more."
MEANT = "From the names you wrote I took it to be about: {names}. If that is wrong, go back and take the tick away."
NO_WORDS = "Please write a few words about what happened."
NO_CHOICE = "Please choose one of the three."
NAME_MISSING = "Please write your name, or choose “Without my name”."
NAME_LEFT = "You chose “Without my name”, but your name still stands in the field. Please empty it, or choose another way."
TOO_LONG = "That is more than one report can hold. Please take out about {letters} letters; with your receipt you can add more later."
NO_REPORT = "That receipt opens nothing. Look at each digit; it may also have run out, or the report was taken back."
EMPTY = "Please write a few words first."
ADDED = "It is sent. The people who read your report will see it."
ENDED = "Nothing can be added to this report any more."
ENDED_WORDS = "That was not sent, as nothing can be added to this report any more."
TAKEN_BACK = "Your report is taken back, and your receipt opens nothing any more."
FORGOTTEN = "All right. Nothing was kept, and nobody was told."
PRESSED = "Whoever runs this server works for somebody you ticked, who could put them under pressure. Think about a way outside instead."
SPARE = "Keeps a spare key, outside this server, in case a reader loses their passphrase."
NOBODY = {
    Nobody.UNSET: "Nobody here has been set up to read such a report in confidence, so this page can’t take one.",
    Nobody.NAMED: "Everybody who could read your report is somebody you ticked, or works for them. So I don’t take it.",
    Nobody.SERVER: "It is about somebody who runs this server, and could read what you type. So please don’t write it here.",
}
