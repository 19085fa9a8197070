"""What people ask on the set-up board, part one: modems, bridges, television, ports and tunnels."""

from __future__ import annotations

from forum.sample.content import Issue

ISSUES = (
    Issue(
        board="setup",
        tags=("bridge-mode", "modem", "double-nat"),
        weight=11,
        titles=(
            "«02»{device} behind the {isp} box: bridge mode or not?",
            '«0»"Double NAT detected", what now?',
            "«1»No internet after switching the {isp} box to bridge mode",
            "«2»How do I use the {device} as access point only?",
            "«1»Bridge mode on the modem, {device} gets no address",
            "«0»Two routers in a row, games say NAT type {strict|3}",
        ),
        questions=(
            "My provider ({isp}) gave me a box with its own Wi-Fi. I plugged the {device} into it and everything works, but the app warns about *double NAT* and the console says NAT type strict. {Do I have to care?|What's the clean way?}",
            "I put the {isp} box into bridge mode as they told me on the phone. Since then the {device} has no internet, status *waiting for address*. Back to router mode and it works. I did restart the {device}, {twice|more than once}.",
            "The provider's box can't be switched to bridge mode. Can I use the {device} just for Wi-Fi and leave the rest to the box? I only want one network, not a network in a network.",
        ),
        answers=(
            """\
There are two clean ways, take **one** of them:

**A. Box in bridge mode, {device} routes**
1. Switch the box to bridge mode, then power it off.
2. Leave it off for *ten minutes*. Many providers remember the first device and give an address only to that one.
3. Start the box, wait until it's fully up, then start the {device}.

**B. Box routes, {device} is access point**
1. Routerly Home → **Internet → Mode → Access point**.
2. Cable from the box to the WAN port. Done, one network.

With A you keep parental controls, QoS and VPN on the {device}; with B the box does the routing and those are switched off.""",
            """\
«1»The ten minutes are what's missing, I'd bet. In bridge mode the modem gives exactly one address, and it's still reserved for the box's own router. Power **both** off, make a coffee, modem first, and when it's up the {device}.

If *waiting for address* is still there after that, ask {isp} whether the line needs a login (PPPoE) or a VLAN. Both are under **Internet → Type**.""",
        ),
        summary="Either put the provider's box into bridge mode and leave both off for ten minutes (box first, then the router), or set Internet → Mode → Access point on the router.",
        partial=(
            "«0»Ignore the warning, double NAT is fine for most people.",
            "«02»Put the {device} into the DMZ of the box.",
            "Copy the hardware address of the box to the {device}, some providers insist on it.",
        ),
        asks=(
            (
                "«1»Does {isp} use a user name for the line?",
                "I have a letter with a login, never used it. So maybe yes!",
            ),
        ),
        followups=(
            (
                "«02:0»Will I lose parental controls in access point mode?",
                "Yes, whoever routes decides. If you need them, take way A.",
            ),
        ),
        same=("«1»Also {isp}, also *waiting for address*.",),
        thanks=(
            "«01»Ten minutes off and it got an address at once. NAT type is open now.",
            "«02»Went for access point mode, simplest. Thanks for laying out both.",
        ),
        comments=("«1»With my provider it was more like half an hour.", "«:0»Way A also fixed my port forwarding."),
        mentions=(
            "@routerly your app says double NAT since I plugged the {device} into my provider's box. Do I need to worry?",
            "«1»@routerly bridge mode on the {isp} box and now the {device} just says waiting for address :(",
        ),
    ),
    Issue(
        board="setup",
        tags=("wireguard", "vpn"),
        weight=9,
        titles=(
            "«0»WireGuard connects but {no internet|nothing loads}",
            "«0»WireGuard: received 0 B, {isp}",
            "«0»Tunnel up, no data back ({device}, {isp})",
            "«0»WireGuard works in my own Wi-Fi only",
            "«2»WireGuard stopped working {when}",
            "«1»Reach the {gadget} at home over WireGuard",
            "«02»WireGuard on {device}: handshake, then silence",
            "«1»{Can't|Cannot} see my files at home through the VPN",
        ),
        questions=(
            "I set up WireGuard in the app and scanned the code with my phone. It says connected, the counter for sent data goes up, received stays at zero. {device}, {fw}, {isp}. At home on Wi-Fi it works, which is rather pointless.",
            "The tunnel is up and I can open web pages through it, but nothing at home: no printer, no files on the USB stick. I expected it to be like sitting in the {room}.",
            "Worked for months, since {when} only *handshake did not complete*. I didn't touch the settings. Could it be my provider?",
        ),
        answers=(
            """\
«02»{Data sent but no handshake means|No answer from the other end means} that the packets never arrive at your {device}. Check in this order:

1. **Internet → Status → Public address.** If it begins with `10.`, `192.168.` or `100.64`–`100.127`, your provider shares one address among many customers and nobody can call in. Ask {isp} for a public IPv4 address, or use IPv6 for the tunnel.
2. If it is public: **VPN → WireGuard → Dynamic name** must be on, otherwise the phone still calls last month's address.
3. UDP port `51820` must reach the {device}. With a second router in front, forward it there.""",
            """\
«1»For the things at home the peer needs your home network in its list. On the phone edit the tunnel:

```ini
[Peer]
AllowedIPs = 0.0.0.0/0, 192.168.7.0/24
Endpoint = yourname.routerly.example:51820
PersistentKeepalive = 25
```

And on the {device} **VPN → WireGuard → (peer) → Home network: allow**. If the hotel's network happens to be `192.168.7.x` too, it won't work there: change yours to something less popular, `192.168.143.x` for instance.""",
        ),
        summary="If nothing is received, check Internet → Status: an address in 10.x, 192.168.x or 100.64-127.x can't be reached from outside. Also switch on the dynamic name and allow Home network for the peer.",
        partial=("Try a different port, 443 is open everywhere.",),
        asks=(
            (
                "«02»What's your public address in the app? Only the first two numbers, please.",
                "100.81. So that's the shared kind?",
            ),
        ),
        followups=(
            (
                "Does the tunnel slow down my home line?",
                "Only by what goes through it. An R6 does about 200 Mbit/s of WireGuard, an R7 Pro more than most lines.",
            ),
        ),
        same=("«0»Received: 0 B. Same provider as you, by the way.",),
        thanks=(
            "«02»{isp} gave me a real address for free and it works.",
            "«1»The AllowedIPs line was it. I can print at home from the train now.",
        ),
        comments=("«02»Posting the first two numbers only is good advice for everybody.",),
        mentions=("@routerly wireguard on my {device} says connected but receives nothing outside my home. Ideas?",),
    ),
    Issue(
        board="setup",
        tags=("port-forwarding", "cgnat"),
        weight=8,
        facts={
            "port": ("25565", "8080", "443", "8443", "5000", "3074", "34197"),
            "what": ("game server", "web camera", "home server", "photo library", "telescope control", "weather page"),
        },
        titles=(
            "Port {port} {stays closed|is closed} although I forwarded it",
            "Port forwarding for {my|a} {what} on {device}",
            "«0»Forwarding works from {inside|home}, not from outside",
            "«1»{what} can't be reached from outside",
        ),
        questions=(
            "I forwarded TCP {port} to my {what} as described, but every checker says *closed*. {device}, {isp}. In the house I can reach it with its local address. What am I overlooking?",
            "Friends can't reach my {what}. The rule is there and switched on (TCP+UDP {port}). I even turned the firewall of the computer off. Used to work with the old router.",
            "Is there something special about port {port}? All other rules work, this one doesn't. {device}, firmware {fw}.",
        ),
        answers=(
            """\
Go through it from the outside in:

1. **Do you have a public address?** Compare *Internet → Status* with what a "what is my IP" page shows. Different? Then {isp} shares addresses (CGNAT) and no rule on your side can help; ask for a public one.
2. **Does the rule point to the right machine?** Reserve the address of the {what}, otherwise the rule shoots at yesterday's.
3. **Is anything listening?** A checker says *closed* when the program isn't running, too. On the machine: `ss -tlnp | grep {port}`
4. Test from mobile data, not from your own Wi-Fi.""",
            """\
Step people miss: the address of the {what} changes. **Devices → (it) → Reserve address**, then delete the rule and create it anew by picking the *device*, not by typing a number.

For checking, use the phone with Wi-Fi off. From inside it goes a different way and proves nothing.""",
        ),
        summary="Compare Internet → Status with your address as seen from outside; if they differ the provider shares addresses and no rule helps. Otherwise reserve the device's address, recreate the rule and test from mobile data.",
        partial=("Just use UPnP, it does all that for you.", "Put the machine into the DMZ and see."),
        asks=(
            (
                "Is the address under Internet → Status the same as the one that a checker shows?",
                "No! 100.70 here and 85.something there.",
            ),
        ),
        followups=(
            (
                "Is it safe to leave that open?",
                "Keep the {what} up to date and use a long password. If only you need it, WireGuard is the better door.",
            ),
        ),
        thanks=(
            "«:0»CGNAT. One call to {isp} and a small fee, now it's open.",
            "Reserved the address and re-did the rule. Works.",
        ),
        comments=("«:0»`ss -tlnp` saved me an hour, it only listened on localhost.",),
        mentions=("@routerly forwarded port {port} on the {device}, still closed from outside. What am I missing?",),
    ),
    Issue(
        board="setup",
        tags=("iptv", "vlan"),
        weight=7,
        facts={"vlan": ("20", "40", "101", "845")},
        titles=(
            "«0»TV box {stops|freezes} after {ten|eight} seconds behind the {device}",
            "«1»IPTV from {isp}: which VLAN?",
            "«0»Picture breaks up on {isp} TV since I use the {device}",
            "«01»TV works on the provider's box only",
            "«2»IPTV over the M2 in the {room}, possible?",
        ),
        questions=(
            "The set-top box from {isp} shows a picture for about ten seconds and then freezes. Channel up, ten more seconds, freeze. Directly on the provider's box it runs all evening. {device}, {fw}.",
            'I replaced the {isp} box by my {device}. Internet is great, television says *no service*. Their support said "VLAN {vlan}" and hung up, more or less. Where does that go?',
            "The TV is in the {room} and has only an M2 nearby. Does IPTV work through the mesh or do I need a cable?",
        ),
        answers=(
            """\
«01»Such freezes are typical: the picture starts as an ordinary stream and should then change to multicast, which isn't let through yet.

1. **Internet → IPTV → On**
2. *VLAN for TV*: `{vlan}` for {isp} (priority 4 if asked)
3. *Port*: the LAN port with the TV box, usually LAN 4
4. *IGMP snooping*: **on**
5. Pull the power of the TV box for 30 seconds; it keeps its old address otherwise.""",
            """\
**Internet → IPTV** is the page. Enter VLAN {vlan}, choose the LAN port for the box, leave the rest alone. The box has to be on *that* port, directly, without an old switch between them: cheap switches drop multicast or flood it everywhere.

Over an M2: only with wired backhaul, and then the M2's port counts as LAN.""",
        ),
        summary="Open Internet → IPTV, switch it on, enter your provider's TV VLAN, pick the LAN port of the TV box, turn IGMP snooping on, and power the TV box off for 30 seconds.",
        partial=("Restart the TV box.", "That's DRM, it needs the provider's router."),
        asks=(("«0»Is there a switch between the {device} and the TV box?", "A tiny one behind the cupboard, yes."),),
        followups=(
            (
                "Does the TV now eat my internet bandwidth?",
                "It shares the line, yes, about 8 to 20 Mbit/s per HD picture. QoS leaves it its share.",
            ),
        ),
        thanks=(
            "«0:0»IGMP snooping plus the 30 seconds. The evening is saved.",
            "«01»VLAN {vlan} on LAN 4 and there's a picture. Thanks!",
        ),
        comments=("Worth pinning, half of our street has this provider.",),
        mentions=(
            "@routerly TV box freezes after ten seconds since I use your {device}. Provider says VLAN {vlan}. Where do I enter that?",
        ),
    ),
)
