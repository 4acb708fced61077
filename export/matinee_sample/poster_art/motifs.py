"""Which emblem belongs to which word, as data: themes, genres and plain words of a title, setting or premise.

Values are names of emblems, keys of `choices.EMBLEMS`.
"""

from __future__ import annotations


def table(text: str) -> dict[str, tuple[str, ...]]:
    """Read "key: one, two; key: three" into {"key": ("one", "two"), ...}."""
    rows = (row.split(":") for row in text.split(";") if row.strip())
    return {key.strip(): tuple(item.strip() for item in items.split(",")) for key, items in rows}


def by_word(text: str) -> dict[str, tuple[str, ...]]:
    """Read lines of "name: the words that call for it" into {"word": ("name",), ...}."""
    pairs = [
        (word, name.strip())
        for name, words in (row.split(":") for row in text.strip().splitlines()) for word in words.split()
    ]
    return {word: tuple(name for other, name in pairs if other == word) for word, _ in pairs}


THEME_EMBLEMS = table("""
    addiction: pills, glass; ai-love: heart, robot; aliens: saucer, alien, eye; animals: paw, dog, cat;
    animation: star, balloons, butterfly; apocalypse: flame, car, globe; art: eye, rose; bank-robbery: money, gun;
    betrayal: knife, chess; biography: book, eye, globe; body-horror: hand, spider, eye; boxing: glove;
    brainwashing: eye, clock; buddies: car, glass; business: money, chess; cafe-nightclub: glass, notes, piano;
    celebrity: star, camera; chase: headlights, car, footprints; childhood: balloons, bicycle, butterfly;
    childhood-memory: bicycle, balloons; chosen-one: sword, lightning, star; christmas: snowflake, candle, star;
    circus: star, horse, smile; city-life: umbrella, headlights; class: stairs, glass, key;
    cold-war: chess, globe, telephone; colonial: elephant, globe; coming-of-age: bicycle, butterfly, stairs;
    composer: violin, piano, notes; computer: eye, robot, lightning; con-artists: dice, mask;
    conspiracy: web, telephone, eye; corruption: money, spider; courtroom: scales, book; cowboys: rider, horse;
    dance: notes, butterfly; death: skull, candle, chess; desert: palm, globe;
    detective: keyhole, footprints, telephone; dinosaurs: dinosaur; disability: hand, violin;
    disguise: mask, umbrella; divorce: broken heart, ring; documentary: camera, globe;
    double-cross: knife, money, chess; dragons: dragon; dreams: eye, stairs, butterfly; drugs: pills, eye, spider;
    dystopia: eye, robot, bars; escape: footprints, key, bird; fairy-tale: castle, rose, crown;
    faith: church, candle, hand; family-secrets: keyhole, house, key; family-strain: house, broken heart, key;
    fashion: shoe, mask; fate: dice, clock, web; fathers-daughters: balloons, bicycle;
    fathers-sons: bicycle, ball, hand; femme-fatale: glass, rose, spider; film-making: camera, reel;
    first-love: heart, butterfly; fish-out-of-water: fish, suitcase; flight: plane, bird; food: fish, glass, flame;
    forbidden-love: key, rose, bars; found-family: house, hand; friendship: hand, balloons, bicycle;
    friendship-betrayed: knife, broken heart; gadgets: gun, rocket, key; gambling: dice, money;
    gangs-youth: knife, lightning; gangsters: gun, money, headlights; ghosts: ghost, candle, house;
    grief: candle, tree, umbrella; guilt: hand, eye, scales; hacker: eye, telephone;
    haunted-house: house, candle, stairs; heist: key, money, dice; high-school: heart, book; hitman: gun, chess;
    holiday: suitcase, palm; holocaust: candle, train, bars; hostage: telephone, gun; identity: mask, eye, key;
    illness: pills, hourglass, heart; immigration: suitcase, liner, globe; infidelity: keyhole, ring, mask;
    invention: lightning, clock; island: palm, sailing ship; jazz: notes, piano, glass; jealousy: eye, broken heart;
    journalism: typewriter, telephone, camera; jungle: ape, palm, tree; kidnapping: telephone, key;
    kindness: heart, hand; kung-fu: hand, sword, lightning; language: book, typewriter;
    loneliness: candle, umbrella, bird; lost-love: broken heart, rose, hourglass; madness: eye, smile, stairs;
    mafia: gun, church, rose; magic: witch hat, star, book; marriage: ring, broken heart;
    media: camera, telephone, eye; memory: clock, keyhole, butterfly; missing-person: footprints, keyhole, telephone;
    mistaken-identity: mask, suitcase; monster: hand, tentacles, eye; moral-choice: scales, chess;
    mothers-daughters: butterfly, house; mothers-sons: house, balloons; mountains: bird, tree;
    murder-plot: knife, gun, telephone; music: guitar, notes, piano; musical-numbers: notes, star, umbrella;
    mutiny: sailing ship; nature: tree, bird, butterfly; night-city: headlights, eye; nuclear: flame, rocket, globe;
    obsession: eye, spider, key; office: telephone, clock; old-age: clock, tree, candle;
    one-room: keyhole, clock, telephone; outlaws: rider, gun, money; paranoia: eye, web;
    paris: lighthouse, umbrella, rose; period-costume: mask, rose; pirates: skull, sailing ship, sword;
    police: gun, headlights, bars; politics: globe, crowd, scales; possession: stairs, eye, candle;
    poverty: hand, bicycle, candle; princess: crown, castle; prison: bars, key; psychiatrist: eye, clock, butterfly;
    quest: sword, ring, crown; racing: car, bicycle; racism: hand, scales, house; rain-city: umbrella, headlights;
    redemption: candle, bird; resistance: flame, hand, star; revenge: sword, knife, flame;
    revolution: flame, star, crowd; rise-and-fall: stairs, crown, glass; rivalry: chess, glove;
    river: sailing ship, fish; road-trip: car, suitcase; robots: robot, eye; romance: heart, rose, glass;
    rome: sword, horse; royal-court: crown, chess, chalice; samurai: sword, horse; satire: smile, mask, globe;
    school: book, bicycle; science: lightning, globe, eye; sea: sailing ship, fish, lighthouse;
    serial-killer: knife, spider, eye; shark: shark; ship-disaster: liner; siblings: bicycle, balloons;
    silent: camera, reel; slapstick: umbrella, smile, clock; slasher: knife, mask; slavery: bars, hand;
    small-town: church, house; snow: snowflake, tree; soldiers: star, helicopter, tank;
    space: rocket, visor, starship; spirits: mask, lighthouse, bird; sports-underdog: glove, ball, chalice;
    spy: gun, keyhole, telephone; stranded: palm, rocket; submarine: tentacles, fish; suburbia: house, bicycle, dog;
    superhero: lightning, star, hand; surveillance: eye, telephone; survival: flame, hand, tree;
    sword-fights: sword, crown; teacher: book, ball; theatre: mask, crown; time-loop: clock, hourglass;
    time-travel: clock, hourglass, lightning; toys: bricks, rocket, robot; train: train;
    treasure: key, crown, chalice; truth: eye, scales, keyhole; twist: keyhole, mask, chess;
    undercover: mask, telephone; vampires: bat, candle, castle; vietnam: helicopter, palm; village: tree, bird;
    violence-beneath: knife, house, rose; voyeur: eye, keyhole, camera; war-front: tank, plane, helicopter;
    wedding: ring, church; western-showdown: gun, rider, clock; witches: witch hat, cat, bat;
    wordplay: typewriter, smile; work: clock, suitcase; working-class: glove, clock; writer: typewriter, book;
    wwii: plane, tank, star; youth: bicycle, guitar; zombies: hand, skull;
""")
GENRE_EMBLEMS = table("""
    Action: gun, helicopter, flame, lightning; Adventure: globe, sailing ship, sword, palm;
    Animation: star, balloons, butterfly, fish; Children: balloons, star, castle;
    Comedy: smile, umbrella, glass, telephone, balloons; Crime: gun, money, headlights, dice;
    Documentary: camera, globe, eye; Drama: tree, umbrella, hand, bird, candle; Fantasy: castle, sword, crown, ring;
    Film-Noir: gun, glass, keyhole, telephone; Horror: skull, hand, knife, spider, candle, tree;
    Musical: notes, piano, star; Mystery: keyhole, footprints, mask; Romance: heart, rose, ring, umbrella;
    Sci-Fi: rocket, saucer, robot, starship, visor; Thriller: eye, keyhole, gun, telephone;
    War: tank, plane, helicopter, star; Western: rider, gun, horse, star;
""")
WORD_EMBLEMS = by_word("""
    alien: alien
    ape: ape apes gorilla kong
    ball: baseball football
    balloons: balloon balloons
    bars: alcatraz convict prison shawshank
    bat: bat batman dracula gotham vampire
    bicycle: bicycle
    bird: bird birds crow falcon hawk mockingbird swan
    book: book
    bricks: lego
    broken heart: valentine
    butterfly: butterfly lambs
    camera: camera
    candle: candle
    car: car
    castle: castle
    cat: cat
    chalice: grail
    chess: chess
    church: church nun priest
    clock: clock hours noon time
    crowd: crowd
    crown: crown king prince queen
    dice: casino
    dinosaur: dinosaur godzilla jurassic
    dog: dog dogs
    dragon: dragon dragons
    elephant: elephant
    eye: eye eyes mirror window
    fish: fish nemo
    flame: burning fire hell
    ghost: casper ghost ghostbusters haunted spirited
    glass: bar wine
    globe: world
    glove: boxer boxing rocky
    guitar: guitar
    gun: bond bullets gun pistol
    hand: scissorhands
    headlights: bus drive driver taxi truck
    heart: heart love
    helicopter: helicopter
    horse: horse horses
    house: hotel house motel
    key: escape key seven
    knife: killer knife massacre murder murders psycho saw shower
    lighthouse: lighthouse
    lightning: incredibles lightning thunder zodiac
    liner: titanic
    lion: lion narnia
    mask: mask scream
    money: bank dollars money
    monolith: monolith odyssey
    mouse: mouse rat
    notes: music singer song songs
    palm: island
    piano: amadeus pianist piano
    pills: cocaine drugs heroin pill pills
    plane: airplane airport aviator pilot plane
    pumpkin: halloween nightmare pumpkin
    reel: cinema film
    ring: ring rings wedding
    robot: cyborg robot terminator toy
    rocket: bomb spacecraft
    rose: beauty flower godfather rose roses
    sailing ship: boat ship
    saucer: spaceship terrestrial
    scales: jury lawyer trial
    shark: jaws shark
    shoe: cinderella prada shoes slipper
    skull: dead shaun skull
    smile: clown joker teeth
    snowflake: frozen ice snow winter
    spider: spider
    stairs: exorcist staircase stairs vertigo
    star: star stars
    starship: starship trek wars
    suitcase: luggage suitcase
    sword: braveheart knight samurai sword
    tank: tank
    telephone: call phone telephone
    tentacles: octopus squid submarine
    train: express railway station train
    tree: tree
    typewriter: novel reporter screenwriter typewriter writer
    umbrella: rain umbrella
    violin: violin violinist
    visor: astronaut gravity interstellar martian moon spaceman
    web: web
    witch hat: potter witch wizard
    wolf: werewolf wolf wolves
""")
