"""For policy officers, who don't program: a new text, the rules as a spreadsheet, and the sign-off."""
