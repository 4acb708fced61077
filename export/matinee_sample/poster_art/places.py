"""Which land or town belongs to which word, as data: themes, genres and plain words of a title, setting or premise.

Values are keys of `composing.PLACES`.
"""

from __future__ import annotations

from matinee_sample.poster_art.motifs import by_word, table

THEME_LANDS = table("""
    africa: meadow; aliens: planet, ringed planet, forest; animals: leaves, meadow; antarctica: snowfield;
    apocalypse: road, dunes; bridge: bridge; cafe-nightclub: street, floor; chase: road, street;
    childhood: meadow, hills; christmas: snowfield, roofs; city-life: skyline, street, bridge; cliff: cliffs;
    cliffs: cliffs; colonial: dunes, hills; coming-of-age: meadow, road; corridor: corridor; corridors: corridor;
    courtroom: floor; cowboys: mesas, dunes; dance: floor; desert: dunes; detective: street, skyline;
    dinosaurs: leaves; dragons: mountains; dreams: floor, dunes; dystopia: skyline; fairy-tale: forest, mountains;
    field: meadow; first-love: meadow, sea; forbidden-love: cliffs, meadow; francisco: bridge;
    gangsters: skyline, street, bridge; garden: meadow, meadow, hills; ghosts: trunks, corridor;
    grief: snowfield, sea; haunted-house: trunks, corridor; high-school: corridor; hospital: corridor;
    hotel: corridor; island: waves, cliffs; jungle: leaves; loneliness: snowfield, bridge, road;
    lost-love: bridge, cliffs; madness: corridor, floor; magic: mountains, forest; meadow: meadow;
    minnesota: snowfield; monster: leaves, skyline; mountains: mountains; mutiny: waves;
    nature: leaves, meadow, forest; night-city: skyline, street; obsession: cliffs, corridor;
    office: corridor, skyline; old-age: meadow, snowfield; one-room: corridor, floor; outlaws: mesas, road;
    paris: roofs; pirates: waves, sea; police: skyline, street; prison: corridor; quest: mountains; racing: road;
    rain-city: street, skyline; river: sea; road-trip: road; rome: hills, dunes; royal-court: floor, hills;
    samurai: mountains, hills; school: corridor, meadow; sea: sea, waves; shark: waves; ship-disaster: sea;
    siberia: snowfield; slasher: trunks, corridor; small-town: roofs; snow: snowfield, mountains;
    space: planet, ringed planet; spy: corridor, bridge; stranded: dunes, sea; submarine: waves;
    suburbia: roofs, meadow; superhero: skyline; survival: snowfield, leaves; theatre: floor; train: road, hills;
    vietnam: leaves; village: hills, meadow; war-front: hills, mountains; western-showdown: mesas;
    witches: trunks, forest;
""")
GENRE_LANDS = table("""
    Action: skyline, mountains, road; Adventure: mountains, dunes, waves, leaves, cliffs;
    Animation: hills, waves, meadow, leaves; Children: hills, meadow; Comedy: skyline, hills, waves, meadow, bridge;
    Crime: skyline, street; Documentary: skyline, hills; Drama: hills, sea, meadow, road, street, bridge, cliffs;
    Fantasy: mountains, forest; Film-Noir: street, skyline; Horror: trunks, forest, corridor; Musical: floor, skyline;
    Mystery: street, trunks, cliffs; Romance: meadow, sea, hills, bridge; Sci-Fi: ringed planet, planet, skyline;
    Thriller: street, road, skyline, corridor, bridge; War: hills, mountains, forest, snowfield;
    Western: mesas, dunes, road;
""")
WORD_LANDS = by_word("""
    bridge: london
    dunes: desert
    floor: palace stage
    forest: forest
    hills: countryside farm kansas village
    leaves: jungle
    meadow: england
    mesas: arizona mexico texas
    mountains: alps castle mountain mountains
    planet: space spacecraft starship
    ringed planet: galaxy planet
    road: highway road roads
    roofs: house paris rome suburb town
    sea: beach coast lake port river sea
    skyline: angeles chicago city gotham hong manhattan tokyo york
    snowfield: antarctic snowy
    street: brooklyn vienna
    trunks: woods
    waves: island ocean
""")
