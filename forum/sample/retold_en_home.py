"""More ways in which people put the questions of the billing and parental boards."""

from __future__ import annotations

RETOLD: dict[str, tuple[str, ...]] = {
    "order": (
        "«0»The parcel with my {device} hasn't been scanned for {days} days. Before that it was quick. Shall I worry yet?",
        "«0»*Handed over to carrier*, it says. I sit at home and wait for a bell that doesn't ring. How long is too long?",
        "«1»I unpacked the {device} in front of two children who'd been promised better Wi-Fi upstairs. No M2 in the box. Are they sent separately?",
        "«2»Autofill put my previous address into the order. I saw it one minute after paying. Status is still *preparing*.",
    ),
    "invoice": (
        "«0»Bought the {device} for the practice, but on my private account, so the invoice has my own name on it. The tax office won't like that. Can it be re-issued?",
        "«1»Is there an invoice at all? I only ever got *thank you for your order*, {when}.",
    ),
    "return": (
        "«0»Nothing wrong with the {device}, we are simply moving to a place with Wi-Fi included. I've had it for three weeks. Too late?",
        "«1»It has been ten days since the carrier handed my return to you. Card payment. I'm not in a panic, I'd only like to know what's usual.",
        "«2»The cardboard went out with the paper on Thursday, on Friday I decided to return it. Typical. May I use another box?",
    ),
    "plus-plan": (
        "«0»There's a charge for Plus on my statement that I didn't expect. I deleted the app in the spring when I changed phones, I thought that was it.",
        "«1»I'd like to go without Plus for a while but I depend on bedtime schedules and the VPN. Do they stop at once?",
        "«2»A sticker on the box says *one year of Plus included*. The account says nothing of the kind. Do I have to enter a code?",
    ),
    "warranty": (
        "«0»One big bang outside {when}, and my {device} has been dark since. Bought a good year ago. Do I have a chance?",
        "«1»The power supply of my {device} hums so loudly that the dog barks at it. The router itself is fine. Where can I get just the supply?",
    ),
    "schedule": (
        "«0»At {bed} the internet should end for {kid}. It did, until {when}. Now I hear laughter from behind the door at {late}, and the app says the profile sleeps.",
        "«0»Bedtime used to work like a charm. Has {fw} changed anything about schedules? The tablet goes off on time, the phone doesn't.",
        "«1»I count six phones in the list and we own three. All six are called the same. Every time I sort them into {kid}'s profile another appears.",
        "«1»A notification greets me each morning: *new device*. It's never a new device. It's {kid}'s phone in a different hat.",
        "«2»What does the {device} know a phone by? The name? Something else? {kid} has found out before me, I'm afraid.",
        "«2»Profile of {kid}: console there, tablet there, phone gone again. I've added it four times this month.",
    ),
    "web-filter": (
        '«0»Caught {kid} at a game that is on the blocked list. "You have to use the other browser", I was told, as if that were common knowledge. How does that work?',
        "«0»Same site, same laptop, two browsers: one shows the stop sign, the other shows the site. {fw}, filter for {kid}'s profile.",
        "«1»In the data of {kid}'s tablet nearly everything goes to one single address. I suspect one of these free VPN things. How do others deal with that?",
        "«1»Work needs VPN, {kid} doesn't. Can I forbid it for the one and keep it for the other?",
        "«2»Tested it myself before trusting it: profile *under 12*, entered a site that's surely blocked, and it opened. What's the filter doing?",
    ),
    "school": (
        "«0»The teacher says *just press hand in*. {kid} says there's no such button. On my phone, without the filter, there is.",
        "«0»Since the filter is on, the school's page looks as if someone had cut all the pictures out. The address itself is on the allow list.",
        "«1»Homework time means five particular sites here, and nothing with cats. Can I set that up for weekday afternoons?",
        "«2»There's a teacher who makes wonderful short films about fractions, and the filter won't have it. I don't want to open the whole video site for that.",
    ),
    "pause": (
        "«0»I press *Pause*, {kid} grins, the series goes on. New things don't load, the running one doesn't stop. Can it be made to?",
        "«0»How long should it take from *Pause* to silence? With us it's up to ten minutes, by then dinner is cold.",
        "«1»Five children's profiles, five taps, and one is always forgotten. I'd like a big red button for meals.",
        "«2»Half an hour of extra time as a reward lasted ten minutes, then there were tears. {kid} swears it was only one film. The tablet was on as well, in another room.",
    ),
}
