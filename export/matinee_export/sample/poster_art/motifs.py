"""Which pictures belong to which words, as data: themes, genres and plain words of a title or premise to emblems and lands.

Emblems are keys of `MACHINES` and `THINGS`, lands of `LANDS`. Knows nothing of how any of them is drawn.
"""

from __future__ import annotations


def _table(text: str) -> dict[str, tuple[str, ...]]:
    rows = (line.split(":") for line in text.strip().splitlines())
    return {key.strip(): tuple(item.strip() for item in items.split(",")) for key, items in rows}


THEME_EMBLEMS = _table("""
    romance: heart, rose, glass
    friendship: hand, balloons, bicycle
    animation: star, balloons, butterfly
    loneliness: candle, umbrella, bird
    twist: keyhole, mask, chess
    police: gun, headlights, bars
    gangsters: gun, money, headlights
    childhood: balloons, bicycle, butterfly
    detective: keyhole, footprints, telephone
    class: stairs, glass, key
    survival: flame, hand, tree
    double-cross: knife, money, chess
    identity: mask, eye, key
    wwii: plane, tank, star
    marriage: ring, broken heart
    war-front: tank, plane, helicopter
    chase: headlights, car, footprints
    faith: church, candle, hand
    satire: smile, mask, globe
    fathers-sons: bicycle, ball, hand
    revenge: sword, knife, flame
    heist: key, money, dice
    biography: book, eye, globe
    lost-love: broken heart, rose, hourglass
    family-strain: house, broken heart, key
    coming-of-age: bicycle, butterfly, stairs
    obsession: eye, spider, key
    moral-choice: scales, chess
    space: rocket, visor, starship
    poverty: hand, bicycle, candle
    guilt: hand, eye, scales
    fate: dice, clock, web
    madness: eye, smile, stairs
    soldiers: star, helicopter, tank
    musical-numbers: notes, star, umbrella
    old-age: clock, tree, candle
    memory: clock, keyhole, butterfly
    paris: lighthouse, umbrella, rose
    animals: paw, dog, cat
    robots: robot, eye
    politics: globe, crowd, scales
    sea: sailing ship, fish, lighthouse
    road-trip: car, headlights
    prison: bars, key
    slapstick: umbrella, smile, clock
    film-making: camera, reel
    murder-plot: knife, gun, telephone
    business: money, chess
    friendship-betrayed: knife, broken heart
    courtroom: scales, book
    science: lightning, globe, eye
    journalism: telephone, camera, book
    quest: sword, ring, crown
    music: guitar, notes, piano
    grief: candle, tree, umbrella
    school: book, bicycle
    monster: hand, tentacles, eye
    spy: gun, keyhole, telephone
    cold-war: chess, globe, telephone
    writer: book, candle
    drugs: eye, spider, money
    escape: footprints, key, bird
    magic: star, lightning, book
    family-secrets: keyhole, house, key
    high-school: heart, book
    time-travel: clock, hourglass, lightning
    train: train
    infidelity: keyhole, ring, mask
    nature: tree, bird, butterfly
    theatre: mask, crown
    truth: eye, scales, keyhole
    aliens: saucer, alien, eye
    superhero: lightning, star, hand
    dreams: eye, stairs, butterfly
    femme-fatale: glass, rose, spider
    rise-and-fall: stairs, crown, glass
    flight: plane, bird
    hitman: gun, chess
    kung-fu: hand, sword, lightning
    immigration: liner, globe
    dance: notes, butterfly
    fairy-tale: castle, rose, crown
    witches: bat, cat, candle
    corruption: money, spider
    cowboys: rider, horse
    outlaws: rider, gun, money
    undercover: mask, telephone
    celebrity: star, camera, eye
    ghosts: candle, house, hand
    sword-fights: sword, crown
    conspiracy: web, telephone, eye
    racism: hand, scales, house
    haunted-house: house, candle, stairs
    treasure: key, crown, chalice
    jealousy: eye, broken heart
    rain-city: umbrella, headlights
    nuclear: flame, rocket, globe
    western-showdown: gun, rider, clock
    royal-court: crown, chess, chalice
    first-love: heart, butterfly
    violence-beneath: knife, house, rose
    media: camera, telephone, eye
    suburbia: house, bicycle, dog
    dystopia: eye, robot, bars
    psychiatrist: eye, clock, butterfly
    missing-person: footprints, keyhole, telephone
    christmas: candle, star, house
    betrayal: knife, chess
    samurai: sword, horse
    kidnapping: telephone, key
    office: telephone, clock
    revolution: flame, star, crowd
    serial-killer: knife, spider, eye
    divorce: broken heart, ring
    wedding: ring, church
    resistance: flame, hand, star
    gambling: dice, money
    con-artists: dice, mask
    sports-underdog: glove, ball, chalice
    apocalypse: flame, car, globe
    food: fish, glass, flame
    princess: crown, castle
    disguise: mask, umbrella
    one-room: keyhole, clock, telephone
    death: skull, candle, chess
    body-horror: hand, spider, eye
    computer: eye, robot, lightning
    chosen-one: sword, lightning, star
    cafe-nightclub: glass, notes, piano
    composer: piano, notes
    kindness: heart, hand
    submarine: tentacles, fish
    jazz: notes, piano, glass
    art: eye, rose
    bank-robbery: money, gun
    zombies: hand, skull
    mafia: gun, church, rose
    slasher: knife, mask
    spirits: mask, lighthouse, bird
    invention: lightning, clock
    holocaust: candle, train, bars
    brainwashing: eye, clock
    voyeur: eye, keyhole, camera
    addiction: glass, spider
    stranded: palm, rocket
    boxing: glove
    vietnam: helicopter, palm
    pirates: skull, sailing ship, sword
    circus: star, horse, smile
    vampires: bat, candle, castle
    mutiny: sailing ship
    slavery: bars, hand
    rome: sword, horse
    gadgets: gun, rocket, key
    possession: stairs, eye, candle
    surveillance: eye, telephone
    hacker: eye, telephone
    time-loop: clock, hourglass
    toys: rocket, star, robot
    racing: car, bicycle
    ai-love: heart, robot
    shark: shark
    dinosaurs: dinosaur
    ship-disaster: liner
    dragons: flame, castle
    period-costume: mask, rose
    illness: hourglass, heart
    gangs-youth: knife, lightning
    hostage: telephone, gun
    celebrity: star, camera
    working-class: glove, clock
""")
GENRE_EMBLEMS = _table("""
    Horror: skull, hand, knife, spider, candle, tree
    Thriller: eye, keyhole, gun, telephone
    Film-Noir: gun, glass, keyhole, telephone
    Crime: gun, money, headlights, dice
    Mystery: keyhole, footprints, mask
    Action: gun, helicopter, flame, lightning
    Adventure: globe, sailing ship, sword, palm
    Western: rider, gun, horse, star
    War: tank, plane, helicopter, star
    Sci-Fi: rocket, saucer, robot, starship, visor
    Fantasy: castle, sword, crown, ring
    Animation: star, balloons, butterfly, fish
    Children: balloons, star, castle
    Comedy: smile, umbrella, glass, telephone, balloons
    Romance: heart, rose, ring, umbrella
    Musical: notes, piano, star
    Drama: tree, umbrella, hand, bird, candle
    Documentary: camera, globe, eye
""")
WORD_EMBLEMS = _table("""
    jaws: shark
    shark: shark
    jurassic: dinosaur
    dinosaur: dinosaur
    titanic: liner
    ship: sailing ship
    boat: sailing ship
    train: train
    station: train
    express: train
    railway: train
    car: car
    taxi: headlights
    driver: headlights
    drive: headlights
    truck: headlights
    bus: headlights
    plane: plane
    pilot: plane
    airport: plane
    aviator: plane
    helicopter: helicopter
    spacecraft: rocket
    astronaut: visor
    moon: visor
    starship: starship
    wars: starship
    trek: starship
    alien: alien
    robot: robot
    terminator: robot
    cyborg: robot
    bicycle: bicycle
    house: house
    hotel: house
    motel: house
    castle: castle
    church: church
    priest: church
    nun: church
    lighthouse: lighthouse
    prison: bars
    convict: bars
    clock: clock
    time: clock
    noon: clock
    hours: clock
    piano: piano
    pianist: piano
    guitar: guitar
    phone: telephone
    telephone: telephone
    call: telephone
    camera: camera
    eye: eye
    eyes: eye
    window: eye
    heart: heart
    love: heart
    valentine: broken heart
    rose: rose
    roses: rose
    flower: rose
    beauty: rose
    skull: skull
    dead: skull
    spider: spider
    bat: bat
    batman: bat
    dracula: bat
    vampire: bat
    bird: bird
    birds: bird
    crow: bird
    hawk: bird
    falcon: bird
    mockingbird: bird
    swan: bird
    wolf: wolf
    wolves: wolf
    werewolf: wolf
    cat: cat
    dog: dog
    dogs: dog
    horse: horse
    horses: horse
    fish: fish
    nemo: fish
    squid: tentacles
    octopus: tentacles
    submarine: tentacles
    knife: knife
    shower: knife
    gun: gun
    bond: gun
    bullets: gun
    pistol: gun
    sword: sword
    samurai: sword
    braveheart: sword
    knight: sword
    crown: crown
    king: crown
    queen: crown
    prince: crown
    mask: mask
    key: key
    chess: chess
    bar: glass
    wine: glass
    balloon: balloons
    balloons: balloons
    umbrella: umbrella
    rain: umbrella
    candle: candle
    fire: flame
    burning: flame
    hell: flame
    thunder: lightning
    lightning: lightning
    star: star
    stars: star
    film: reel
    cinema: reel
    casino: dice
    money: money
    dollars: money
    bank: money
    book: book
    tree: tree
    island: palm
    butterfly: butterfly
    lambs: butterfly
    boxer: glove
    boxing: glove
    rocky: glove
    song: notes
    songs: notes
    music: notes
    singer: notes
    ring: ring
    rings: ring
    wedding: ring
    stairs: stairs
    staircase: stairs
    jury: scales
    lawyer: scales
    trial: scales
    grail: chalice
    baseball: ball
    football: ball
    world: globe
    clown: smile
    joker: smile
    crowd: crowd
    spaceship: saucer
    toy: robot
    tank: tank
    teeth: smile
    mirror: eye
    web: web
    bomb: rocket
""")
THEME_LANDS = _table("""
    space: planet, ringed planet
    aliens: planet, ringed planet, forest
    sea: sea, waves
    shark: waves
    pirates: waves, sea
    island: waves, sea
    submarine: waves
    mutiny: waves
    ship-disaster: sea
    desert: dunes
    cowboys: mesas, dunes
    outlaws: mesas, road
    western-showdown: mesas
    snow: mountains, forest
    mountains: mountains
    jungle: forest
    nature: forest, hills
    vietnam: forest
    village: hills, roofs
    small-town: roofs, hills
    suburbia: roofs
    city-life: skyline, street
    night-city: skyline, street
    rain-city: street, skyline
    gangsters: skyline, street
    police: skyline, street
    detective: street, skyline
    superhero: skyline
    road-trip: road
    chase: road, street
    witches: trunks, forest
    fairy-tale: forest, mountains
    magic: mountains, forest
    haunted-house: trunks, hills
    ghosts: trunks, floor
    slasher: trunks
    monster: forest, skyline
    quest: mountains
    dragons: mountains
    samurai: mountains, hills
    war-front: hills, mountains
    royal-court: floor, hills
    one-room: floor
    courtroom: floor
    office: skyline, floor
    paris: roofs
    dance: floor
    christmas: roofs
    river: sea
    dystopia: skyline
    apocalypse: road, dunes
    stranded: dunes, sea
    dreams: floor, dunes
    racing: road
    train: road, hills
    dinosaurs: forest
    colonial: dunes, hills
    rome: hills, dunes
    theatre: floor
    cafe-nightclub: street, floor
""")
GENRE_LANDS = _table("""
    Horror: trunks, forest, roofs
    Thriller: street, road, skyline
    Film-Noir: street, skyline
    Crime: skyline, street
    Mystery: street, trunks, roofs
    Action: skyline, mountains, road
    Adventure: mountains, dunes, waves, forest
    Western: mesas, dunes, road
    War: hills, mountains, forest
    Sci-Fi: ringed planet, planet, skyline
    Fantasy: mountains, forest
    Animation: hills, waves, roofs
    Children: hills, roofs
    Comedy: roofs, skyline, hills, waves
    Romance: roofs, sea, hills
    Musical: floor, skyline
    Drama: hills, sea, roofs, road, street
    Documentary: skyline, hills
""")
WORD_LANDS = _table("""
    desert: dunes
    arizona: mesas
    mexico: mesas
    texas: mesas
    sea: sea
    ocean: waves
    beach: sea
    coast: sea
    island: waves
    port: sea
    river: sea
    lake: sea
    forest: forest
    woods: trunks
    jungle: forest
    mountain: mountains
    mountains: mountains
    alps: mountains
    village: hills
    farm: hills
    countryside: hills
    kansas: hills
    england: hills
    highway: road
    road: road
    roads: road
    york: skyline
    manhattan: skyline
    chicago: skyline
    angeles: skyline
    tokyo: skyline
    hong: skyline
    city: skyline
    gotham: skyline
    brooklyn: street
    london: roofs
    paris: roofs
    vienna: street
    rome: roofs
    suburb: roofs
    town: roofs
    space: planet
    spacecraft: planet
    starship: planet
    galaxy: ringed planet
    planet: ringed planet
    house: roofs
    stage: floor
    palace: floor
    castle: mountains
    antarctic: mountains
    snowy: mountains
""")
