"""More ways in which people put the questions of the set-up board. Each mark names the question that it retells."""

from __future__ import annotations

RETOLD: dict[str, tuple[str, ...]] = {
    "bridge-mode": (
        "«0»I have the grey box from {isp} and behind it my new {device}. The app warns me of *double NAT* in yellow letters. Nothing seems broken apart from my son's console, which calls it *strict*.",
        "«0»Do I have two networks now? The {isp} box hands out addresses, the {device} hands out addresses, and one game can't find its friends.",
        "«1»{isp} switched my box to bridge mode remotely. The {device} has been *waiting for address* ever since, an hour by now. They say on their side everything is green.",
        "«1»Bridge mode on, cable in the WAN port of the {device}, both restarted, no address. With my laptop in place of the {device} I do get one! Why does it like the laptop better?",
        "«2»{isp} doesn't allow bridge mode on my contract. I don't need anything clever from the {device}, only good Wi-Fi in the {room}. How do I make it a plain access point?",
        "«2»Simplest possible use: their box does the internet, the {device} does the Wi-Fi, one address range for all. Which menu?",
    ),
    "wireguard": (
        "«0»WireGuard looks connected on the phone, but the line *received* says 0 B, wherever I am. Only in my own living room does it work. {device} at home, {isp}.",
        "«0»Set up the VPN yesterday evening on the sofa: perfect. Tried it at the station this morning: sent 4 kB, received nothing.",
        "«1»From the office I can surf through my home line, fine, but I wanted the files on the disk there. `192.168.7.20` doesn't answer. Is there one more switch?",
        "«1»The tunnel works as a tunnel. What I don't get is anything *in* the house: printer, camera, disk. {device}, {fw}.",
        "«2»Not a handshake since {when}. Before that the VPN was the one thing I never had to think about. {isp} did some work on the line in the night, if that matters.",
    ),
    "port-forwarding": (
        "«0»I want my brother to reach my {what}. Rule set, port {port}, TCP. The checker I used says closed, my brother says *nothing happens*. At home it opens.",
        "«0»Opening port {port} can't be that hard? {device}, rule is green, {what} is running, and from outside it's a wall.",
        "«1»Moved from an old router to the {device} and copied the rules one by one. The {what} on {port} is the one that doesn't come through.",
        "«2»Three rules work, the fourth (port {port}) doesn't. I've deleted and made it again twice. Are there ports that the {device} keeps for itself?",
    ),
    "iptv": (
        "«0»Television works for as long as it takes to sit down. Then the picture stands still. On {isp}'s own box it's perfect, on the {device} it isn't.",
        "«1»I have a number on a piece of paper, *VLAN {vlan}*, from the {isp} technician. I know it's for the TV. I don't know where the {device} wants it.",
        "«2»Before I drill: will the TV box of {isp} run on the LAN port of an M2 in the {room}, if the M2 has no cable itself?",
    ),
    "app": (
        "«0»Day one with the {device}, and the app and I stare at each other. *Looking for your router…* The light blinks white, as it should.",
        "«0»Tried two phones, one from work, one my own. Neither sees the {device}. What does the app look for exactly, Bluetooth or Wi-Fi?",
        "«1»My old phone drowned. On the new one the app acts as if I'd never owned an {device}, although I'm using its Wi-Fi to write this.",
        "«2»I don't have a smartphone and don't want one. Can the {device} be set up from a computer? The leaflet shows nothing but phones.",
    ),
    "password": (
        "«0»The admin password is on a note, the note is in a box, the box is in storage. Is there any way to change it without starting over? Wi-Fi and app work.",
        "«1»I was so pleased with my second-hand {device}, until the app said that it belongs to somebody else. It was a fair price and I have the receipt. What can I do?",
        "«2»Reset button: press for how long, and what should I see? I feel like someone sending Morse code with a paper clip.",
    ),
    "firmware": (
        "«0»{percent} % for the last hour and a half. The internet still works, so something is alive in there. Do I wait, or do I pull the plug and hope?",
        "«0»Started the update to {fw} before dinner, it's now after the news, and the bar hasn't moved from {percent} %. {device}.",
        "«1»Third evening in a row: *Update available*, install, restart, *Update available*. It stays on 4.1 as if nothing had happened.",
        "«2»Do all boxes have to be on the same version? The {device} is on {fw} and says the M2 are *up to date*, with 4.1.",
    ),
    "usb-storage": (
        "«0»An old disk with all our photos, the {device}, and the word *none* where the disk should be. It spins up, clicks, spins down.",
        "«1»Copying the holiday film to the disk on the {device} takes all evening. About {got} Mbit/s, and I'm in the same room.",
    ),
    "migration": (
        "«0»I counted: {devices} devices, nine reserved addresses, four port rules. The R7 Pro is still in its box because I dread typing all that again.",
        "«2»My R6 gets a pension from tomorrow. Or can it work part time, say as an access point in the {room}?",
    ),
}
