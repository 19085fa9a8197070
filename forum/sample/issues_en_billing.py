"""What people ask on the billing board: orders, invoices, returns, warranty and the Plus plan."""

from __future__ import annotations

from forum.sample.content import Issue

ISSUES = (
    Issue(
        board="billing",
        technical=False,
        tags=("order", "delivery"),
        weight=8,
        titles=(
            '«0»Order says "handed over" for {days} days',
            "«0»Where is my {device}? Tracking hasn't moved since {when}",
            "«1»{Part of|Half} my order is missing",
            "«1»Router came, the M2 twin pack {didn't|is missing}",
            "«2»Change the delivery address after ordering?",
            "«2»Order goes to my old flat!",
            "«2»Wrong address on an {device} order that isn't sent yet",
            "«2»Can I redirect my {device} before it leaves?",
            "«1»One parcel of two, {device} order",
            "«1»{device} is here, the M2 aren't",
        ),
        questions=(
            "I ordered an {device} {a week ago|last week}. Tracking says *handed over to carrier* and hasn't moved since {when}. Is that normal or is it lost?",
            "Ordered the {device} and an M2 twin pack. One parcel came, with the router only. Nothing on the slip about a second parcel. Who do I turn to?",
            "I've just noticed that the order goes to my old flat. It isn't sent yet (status *preparing*). Can I still change that myself?",
        ),
        answers=(
            """\
«1»Routers and M2 packs leave from two different warehouses, so two parcels with two numbers are normal. You only get the mail for the first.

**Account → Orders → (order) → Parcels** shows both. If one hasn't moved for **5 working days**, the button *Report as lost* appears there and a new one is sent without further questions.""",
            """\
«2»While it says *preparing* you can change the address yourself: **Account → Orders → Edit**. From *packed* on only the carrier can redirect it, with the link in their mail.

After that, the carrier's own page lets you pick another day or a neighbour.""",
            """\
«0»*Handed over* means that it has left the warehouse; the next scan often comes only when the parcel reaches the regional hub. Over a weekend that easily takes three days.

- Up to the **fifth working day**: wait, it's on a lorry.
- After that: **Account → Orders → Parcels → Report as lost**, and a new one is sent without further questions.""",
        ),
        summary="See Account → Orders → Parcels: routers and M2 packs come in separate parcels. After five working days without movement you can report one as lost there; while it says preparing you can edit the address.",
        partial=("Call them, they can see more than you.",),
        asks=(("«1»Which status does the order show under Account → Orders?", "*Partly sent*, now that you ask."),),
        same=("«0»Mine is stuck as well, ordered the same day.",),
        thanks=(
            "«1»There IS a second number. Arrives tomorrow. Thanks!",
            "«2»Changed it in time.",
            "«0»It moved this morning, just as you said. Thanks for the calm words.",
        ),
        comments=("«1»The mail about the second parcel really should exist.",),
        mentions=("@routerly my {device} has been 'handed over' for {days} days. Lost?",),
    ),
    Issue(
        board="billing",
        technical=False,
        tags=("invoice", "vat"),
        weight=6,
        titles=(
            "«0»Invoice with company name {and VAT number|please}",
            "«1»Where do I {find|download} the invoice for my {device}?",
            "«0»Invoice is in my name instead of the company's",
            "«0»Company invoice for an {device} bought privately",
            "«0»VAT number onto the invoice, afterwards",
            "«1»No invoice mail for my {device}",
            "«2»Gross amount only on the {device} invoice",
            "«2»My accountant wants VAT on the invoice",
            "«2»Receipt or invoice? VAT is missing",
            "«2»Invoice arrived without VAT shown",
        ),
        questions=(
            "I need the invoice for my {device} made out to my company, with our VAT number. I ordered as a private person by mistake. Can that be changed afterwards?",
            "The mail with my invoice never came (not in spam either). Order is from {when}. Where can I download it?",
            "The invoice shows the gross amount only. My accountant wants the VAT on it.",
        ),
        answers=(
            """\
«01»**Account → Orders → (order) → Documents** has the PDF. For company details click *Correct invoice* on the same page, within **30 days** of the order: enter name and VAT number, and you get a cancellation plus a new invoice by mail, usually the same day.

After 30 days it takes a ticket to billing, because the month is closed then.""",
            """\
«2»There are two documents: *Receipt* (gross) and *Invoice* (with VAT). The mail links to the receipt. Take the second one under **Account → Orders → Documents**.""",
        ),
        summary="Invoices are under Account → Orders → Documents. With Correct invoice you can enter company name and VAT number there within 30 days.",
        thanks=(
            "«0»Found *Correct invoice*, new PDF was there in an hour.",
            "«1»There it is, under Documents. Thank you!",
            "«2»The second document it is. My accountant sends regards.",
        ),
        asks=(("«0»How long ago did you order?", "Twelve days ago."),),
        comments=("«0»Good to know about the 30 days.",),
        mentions=("@routerly where do I get an invoice with my company's VAT number on it?",),
    ),
    Issue(
        board="billing",
        technical=False,
        tags=("return", "refund"),
        weight=7,
        titles=(
            "«0»Return {device} after {three weeks|a month}?",
            "«1»Refund for returned {device}: how long?",
            "«0»Sending the {device} back because it's too much router",
            "«1»Returned my {device}, still waiting for the money",
            "«1»{device} sent back and delivered, no refund yet",
            "«2»Returning the {device} without its box",
            "«2»No box any more: return still {possible|accepted}?",
            "«0»Changed my mind after three weeks, {device}",
            "«2»Box thrown away, can I still return the {device}?",
        ),
        questions=(
            "The {device} works but it's more than my small flat needs. I've had it for about three weeks. Can I still send it back, and who pays?",
            "Sent my {device} back, tracking says *delivered* since {when}. No refund so far. Paid by card.",
            "I've thrown the box away. Does that rule out a return? Everything else is there, cables as well.",
        ),
        answers=(
            """\
«02»You have **30 days** from delivery, opened or not, and the label is free: **Account → Orders → Return**. Any sturdy box will do, only the power supply has to be in it.

Before you send it: **Settings → Remove from account**, otherwise the next owner can't use it and the refund waits until somebody rings you.

The money comes back the way you paid, 3 to 5 working days after the warehouse has checked it. A card adds a day or two of its own.""",
            """\
«1»Count from the mail *Return checked*, not from *delivered*. From there it took four working days for me. If that mail isn't there after a week, ask here with your order number **hidden** and an agent will look.""",
        ),
        summary="You can return within 30 days of delivery with a free label (Account → Orders → Return), in any sturdy box. Remove the router from your account first. Refunds take 3-5 working days after the check.",
        partial=("«02»14 days, that's the law.",),
        followups=(("«02»May I return one M2 out of a twin pack?", "No, the pack has one price. Both or none."),),
        thanks=("«02»Label printed, thank you. Good policy.", "«1»Refund arrived this morning."),
        comments=("«02»Removing it from the account is the step everyone forgets.",),
        mentions=("«1»@routerly sent my {device} back ten days ago, still no refund. How long does it take?",),
    ),
    Issue(
        board="billing",
        technical=False,
        tags=("plus-plan", "subscription"),
        weight=7,
        titles=(
            "«0»Plus plan renewed although I {cancelled|thought I had cancelled}",
            "«1»What do I lose when Plus {ends|runs out}?",
            "«1»Which functions need Plus on the {device}?",
            "«1»Is Plus needed for {WireGuard|schedules}?",
            "«2»Box says a year of Plus, account says Basic",
            "«2»{device} with free Plus year: where is it?",
            "«0»Unexpected Plus renewal {when}",
            "«0»Can I undo the Plus renewal?",
            "«0»Cancel Plus: where is the button?",
            "«2»Free year of Plus with the {device} doesn't show",
        ),
        questions=(
            "The Plus plan was charged again {when}. I'm sure I cancelled it in the spring, in the app. Can I get that back?",
            "Before I cancel: which functions stop working without Plus? I mostly use schedules and WireGuard.",
            "The {device} came with a year of Plus according to the box. In my account it says *Basic*.",
        ),
        answers=(
            """\
«0»Deleting the app doesn't cancel, and *Pause* doesn't either; I fell for that too. **Account → Plan → Cancel**, and you get a mail that says *Plus ends on …*. No mail, no cancellation.

A renewal can be taken back within **14 days** on the same page (*Undo renewal*), the full amount.""",
            """\
«12»Without Plus you keep all that runs **on the router**: schedules, WireGuard, QoS, guest network, updates. You lose what runs on our servers: web filter categories, the monthly report and the extended warranty.

The free year starts when you register the serial number: **Account → Products → Add**.""",
        ),
        summary="Cancel under Account → Plan → Cancel and wait for the mail with the end date; a renewal can be undone there for 14 days. Schedules, VPN and QoS work without Plus.",
        asks=(
            ("«0»Did you get a mail with the end date back then?", "Can't find one. So I only paused it, I suppose."),
        ),
        same=("«0»I paused mine too and thought that was that. The wording is not great.",),
        thanks=("«0»*Undo renewal* worked, money is on its way.", "«2»Serial number added, Plus is there. Thanks!"),
        comments=("«0»Feedback for Routerly: call it *Pause billing reminder* or drop it.",),
        mentions=("@routerly you renewed my Plus plan though I cancelled. I'd like that back please",),
    ),
    Issue(
        board="billing",
        technical=False,
        tags=("warranty", "replacement"),
        weight=6,
        titles=(
            "«0»{device} dead after {a thunderstorm|fourteen months}, warranty?",
            "«1»Power supply {broken|whines}, can I buy {one|just that}?",
            "«2»Replacement {device} sent, what about my old one?",
            "«2»Replacement {device}: which goes first, new or old?",
            "«2»Swap under warranty without a day offline?",
            "«0»No light on the {device} at all",
            "«1»Spare power supply for the {device}?",
        ),
        questions=(
            "My {device} is dead since the thunderstorm {when}: no light, nothing. It's fourteen months old. Is that covered?",
            "Only the power supply is broken (the {device} runs on my neighbour's). Where do I get a new one? A universal one didn't fit.",
            "A replacement is on its way, great. Do I have to send the broken one first or can I wait until the new one runs? I work from home.",
        ),
        answers=(
            """\
«01»24 months on routers and M2, 36 with Plus. Surge damage by lightning isn't covered, *but* in most cases only the power supply is gone: try another one with **12 V, 2.5 A, centre positive** first.

If that's it: **Shop → Spare parts**, or free within warranty under **Account → Products → Report a fault**.""",
            """\
«2»The replacement comes first. You get a label with it and have **14 days** to send the old one, so there's no gap. Take a backup of the settings if it still starts.""",
        ),
        summary="Warranty is 24 months (36 with Plus). Often only the power supply is gone: 12 V, 2.5 A, centre positive; report it under Account → Products. Replacements are sent before you return the old one.",
        partial=("«0»Lightning is your home insurance's business.",),
        thanks=(
            "«01»It really was only the power supply. Running again!",
            "«2»14 days is generous, thanks for clearing that up.",
        ),
        comments=("«01»Check the plug size as well: 5.5 × 2.1 mm.",),
        mentions=("@routerly {device} dead after a thunderstorm. Warranty?",),
    ),
)
