"""More ways in which people put the questions of the Wi-Fi board. Each mark names the question that it retells."""

from __future__ import annotations

RETOLD: dict[str, tuple[str, ...]] = {
    "5ghz": (
        "«0»My daughter's exam was online today and the Wi-Fi left us three times in one hour. The 5 GHz name goes, a minute later it's back. 2.4 GHz never flinches. {device} with {fw}, installed {when}.",
        "«1»Same spot, same desk, same laptop as all year; since {fw} I get *you have left the meeting* several times a day. The network isn't weak when it happens, it isn't there at all. {device}.",
        "«2»I looked into the log for once: `channel change (60 -> 116)`, then `(116 -> 44)`, and so on through the evening. Each time everybody in the house shouts. {device}, {fw}. Who tells it to do that?",
        "«4»Two {device} in the family, one still on 4.1 and fine, mine on {fw} and up and down like a yo-yo. Only the faster network. Is there something I can set, or do I go back?",
        "«5»Not a great first week with {fw}. The tablet in the {room} drops off five or six times an evening, always for about a minute, always the 5 GHz network. On 2.4 the film plays but looks like soup.",
    ),
    "mesh": (
        "«0»The M2 is in the {room}, the phone says full signal, and the crossword still takes half a minute to load. One floor down it's instant. I've restarted the M2, which changed nothing.",
        "«0»Stupid question maybe: how can the Wi-Fi symbol be full and nothing works? Only in the {room}, where we put the M2 last month. Downstairs is perfect.",
        "«1»1920s house, walls to match. An M2 in the {room} gives a network but no speed, {got} Mbit/s on a good day. Before I send it back: am I doing something wrong with where it stands?",
        "«1»Bought the M2 for one room, the {room}. It does connect. It's just that mobile data is faster. {device} is about fourteen metres away with a chimney in between.",
        "«2»Drawing of our flat: {device} at the front door, long hall, {room} at the far end. The app calls the M2's link *weak* there and *good* in the hall, where there's nothing to put it on. What wins?",
        "«2»Is there an art to placing an M2? I've tried the window sill, the bookcase and the floor of the {room}, and the app says *weak* for all three.",
    ),
    "2.4ghz": (
        "«0»Everything in the house has moved over to the {device} except the {thing}, which sulks. It finds the network, asks for the password, thinks, and gives up. It's a 2.4 only thing, says the box.",
        "«0»I'm about to put the old router back just for the {thing}. There must be a better way? The {device} shows one name for both bands and I can't tell the {thing} which to take.",
        "«1»The {thing} says *incorrect password*. I've changed it to something I can't mistype. Still incorrect. The phone joins with the same letters at once. WPA3 is on, is that it?",
        "«1»Has the password check of the {device} got stricter? My {thing} used to join anything. Now: wrong password, wrong password, wrong password.",
        "«2»It gets to four fifths and then a red cross. The {thing} is two metres from the {device}. I followed the video of its maker to the letter.",
        "«2»Trying to set up a {thing} for my mother over the phone, with an {device} at her end. Times out. She's very patient, I'm not.",
    ),
    "speed": (
        "«0»Could somebody with an {device} and an M2 tell me what they get behind the M2? I have {plan} on paper, nearly that at the router and {got} behind the M2, wireless.",
        "«0»Disappointed so far: {got} Mbit/s in the {room} with the M2 doing its best. I had hoped for at least half of the {plan}. Is it the M2 or my expectations?",
        "«1»An electrician put a network socket into the {room} and I plugged the M2 into it, proud as anything. Measured: {got}. Without the cable: {got}. What did I pay him for?",
        "«1»Where do I see whether the M2 uses its cable? Speed didn't budge when I plugged it in, a bit under 100 at best.",
        "«2»I've made a little table of all rooms. Only the {room} (behind the M2, no cable) falls off a cliff: {got} of {plan}. The link is *Good*. So what's left?",
    ),
    "lights": (
        "«0»The fuse blew {when}. Router fine, one M2 fine, the M2 in the {room} blinks a sleepy amber and the app has given it up.",
        "«0»Since a short power failure the M2 in the {room} is *offline*. I've unplugged it, counted to sixty, sworn at it. Amber, slow.",
        "«1»I removed the M2 in the app, hoping to add it again. *Already belongs to a network.* To which one, if not this? Slow amber light.",
        "«1»After moving furniture one M2 doesn't want to come back. Next to the {device} it stays amber as well, and adding fails because it's supposedly taken.",
        "«2»My M2 speaks to me in amber and I don't know the language. Slow, like breathing. Everything else in the house works.",
    ),
    "roaming": (
        "«0»I pace when I'm on the phone. From the {room2} to the {room} the call goes robotic, dies for three seconds, and is back. Could the handover happen earlier?",
        "«1»The {gadget} moved into the {room} last month but seems to think it still lives downstairs: it connects to the far access point and stays there.",
        "«2»Our newer phones change over without a hiccup, the oldest clings on. Is there a roaming setting that is too modern for it?",
    ),
    "guest-network": (
        "«0»Friends over, guest code scanned, joined, and: no internet. I gave them the main password in the end, which is what I wanted to avoid. I run my own DNS at home, in case that's of interest.",
        "«1»The guest room is the only room without the guest network. There's an M2 right outside its door, but it only offers our main one.",
        "«2»My mother-in-law stays for a month and wants to print crosswords. She's on the guest network, the printer isn't. I'd like to keep it that way, nearly.",
    ),
    "qos": (
        "«0»We have {plan} Mbit/s and yet, when the photos of the weekend go up, nobody can be understood in a call. Is it really a matter of speed?",
        "«0»My ping is 14 ms until somebody starts a backup, then it's in the hundreds and I'm dead before I see who shot me. {device}, {isp}.",
        "«1»There are two empty boxes on the QoS page. I switched it on without filling them in, and the speed test fell to 50. What belongs there, and in which unit?",
        "«2»Between eight and ten in the evening everything is sticky, by cable too. At midnight it's fine again. Can the {device} do something about it, or is that {isp}?",
    ),
    "printer": (
        "«0»Our printer has become a late riser. In the morning it's offline until someone walks to the {room} and switches it off and on. The change came with the {device}.",
        "«1»Phone prints, {gadget} says *no printer found*. Same Wi-Fi name on both. I've read about fixed addresses but don't dare.",
        "«2»I got the printer onto the new Wi-Fi all by myself! It printed one page, and since then it pretends not to hear. What can a beginner try?",
    ),
}
