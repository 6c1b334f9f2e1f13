"""Words that learners type and captions never hold: how each is read, or what lies nearest to it.

Tables only; `lexicon` turns them into look-ups. Plurals need no entry, hyphens are spaces.
"""

from __future__ import annotations

# How the captions would say it: what learners type. The left side is written in caption words.
SYNONYMS: dict[str, str] = {
    # subjects
    "man": "guy, men, gentleman, gentlemen, bloke, dude, fellow, boy, lad, male, mister",
    "woman": "lady, women, gal, girl, lass, female, madam",
    "king": "prince, monarch, emperor, royal man, male monarch",
    "queen": "princess, empress, royal woman, female monarch",
    "cat": "kitty, kitten, kitty cat, pussycat, feline, tomcat, moggy, pussy cat",
    "tabby cat": "tabby, tiger striped cat, tiger cat, striped cat, striped kitty, striped kitten, stripy "
                 "cat, stripey cat, stripy kitten, tiger striped kitten, cat with stripes, tabby kitten, "
                 "tabby kitty",
    "orange cat": "ginger cat, marmalade cat, ginger kitten, orange kitty",
    "white cat": "snowy cat",
    "dog": "puppy, pup, doggy, doggie, hound, canine, pooch, mutt, labrador, poodle, terrier, beagle, "
           "retriever",
    "corgi": "corgy, corgi puppy, welsh corgi, pembroke",
    "turtle": "tortoise, terrapin, sea turtle",
    "fish": "goldfish, tropical fish, salmon, trout, tuna, guppy, clownfish",
    "bird": "birdie, sparrow, robin, pigeon, seagull, gull, parrot, finch, songbird, canary, budgie",
    "horse": "pony, stallion, mare, foal, steed, pony horse",
    "robot": "android, droid, automaton, bot, cyborg",
    "house": "home, cottage, cabin, hut, villa, bungalow, farmhouse",
    "tree": "oak, pine, pine tree, oak tree, fir, fir tree, birch, maple, maple tree, palm tree, christmas "
            "tree",
    "car": "automobile, auto, vehicle, motorcar, sedan, taxi, cab, jeep, limousine, sports car, race car",
    # colours
    "red": "crimson, scarlet, ruby, maroon, cherry red, reddish, dark red, bright red",
    "orange": "ginger, amber, tangerine, orange coloured, orange colored, peach",
    "yellow": "golden, gold, blond, blonde, lemon, yellowish, mustard",
    "green": "emerald, lime, olive, jade, greenish, dark green, light green, lime green",
    "blue": "azure, navy, cyan, turquoise, teal, sky blue, light blue, dark blue, cobalt, bluish, navy "
            "blue, aqua",
    "purple": "violet, lilac, lavender, mauve, indigo, magenta, plum",
    "pink": "rosy, salmon pink, fuchsia, rose coloured, pinkish, hot pink, magenta pink",
    "brown": "tan, beige, chestnut, chocolate, bronze, brownish, hazel, copper",
    "grey": "gray, silver, silvery, ash, greyish, grayish, slate, charcoal",
    "white": "ivory, cream, snowy white, pearl, whitish",
    # worn
    "sunglasses": "shades, sun glasses, dark glasses, sunglass, sunnies, ray bans, goggles, glasses, "
                  "spectacles, eyeglasses, a pair of sunglasses, pair of sunglasses, pair of shades, pair "
                  "of glasses",
    "hat": "cap, beanie, top hat, bonnet, fedora, bowler, sombrero, beret, straw hat, baseball cap, cowboy "
           "hat",
    "glowing headband": "head band, glowing head band, sweatband, glowing band, glowing halo, bandana, "
                        "shining headband, luminous headband, neon headband, light up headband",
    "cape": "cloak, superhero costume, superhero outfit, hero costume, mantle",
    "superhero": "super hero, hero, superman, batman, superheroine, superheroic, super",
    "dressed as a superhero": "dressed like a superhero, dressed up as a superhero, as a superhero, "
                              "dressed as a super hero, dressed as a hero, disguised as a superhero, "
                              "dressed up like a superhero, dressed as superman, dressed as batman",
    "mask": "eye mask, face mask",
    "scarf": "shawl, muffler, scarves, neckerchief, woolly scarf, wooly scarf, knitted scarf",
    # beside
    "basketball": "ball, basket ball, basket balls, beach ball, football, soccer ball, volleyball, toy ball",
    "playing basketball": "plays basketball, play basketball, playing with a basketball, playing ball, "
                          "dribbling a basketball, bouncing a basketball, throwing a basketball, dribbling "
                          "basketball, playing with a ball, shooting hoops, playing basket ball",
    "apple": "granny smith",
    "flower": "rose, tulip, daisy, sunflower, blossom, bloom, lily, poppy, bouquet, daffodil",
    "balloon": "baloon, helium balloon, party balloon, hot air balloon",
    # places
    "beach": "ocean, sea, seaside, shore, coast, seashore, coastline, oceanside, waterfront, oceanfront, bay",
    "on the beach": "by the sea, by the ocean, at sea, at the sea, at the ocean, at the seaside, by the "
                    "seaside, on the shore, on the coast, near the sea, near the ocean, by the beach, near "
                    "the beach, on the sand, by the shore, next to the sea, next to the ocean, by the "
                    "coast, beachside",
    "forest": "woods, wood, woodland, jungle, rainforest, grove, woodlands, among the trees, among trees",
    "space": "galaxy, outer space, cosmos, universe, orbit, milky way, zero gravity, nebula",
    "in space": "on the moon, among the stars, on mars, on a planet, on the red planet, in outer space, in "
                "the galaxy, in the universe, in the cosmos, in orbit, in a galaxy, in the milky way",
    "city": "street, town, downtown, urban, skyline, metropolis, sidewalk, pavement, road, avenue, manhattan",
    "in the city": "on the street, in the street, on a street, in new york, new york, on the road, in "
                   "london, in paris, in tokyo, in town, city street, on the sidewalk, on the pavement, in "
                   "the streets",
    "snow": "winter, snowy, ice, frost, arctic, antarctica, snowfall, blizzard, north pole, south pole, "
            "icy, tundra",
    "in the snow": "on snow, on the snow, in winter, in the winter, on ice, on the ice, during winter, in "
                   "a blizzard, at the north pole, in antarctica, in the arctic, in a snowstorm",
    "room": "bedroom, kitchen, living room, bathroom, office, classroom, lounge, indoor, inside room",
    "in a room": "indoors, inside, at home, inside a house, inside the house, in a house, in the house, at "
                 "school, in a building, inside a building, inside a room",
    "underwater": "under water, under the water, under the sea, under the ocean, undersea, in the water, "
                  "in water, below the sea, beneath the sea, beneath the waves, under the waves, deep sea, "
                  "seabed, on the seabed, in the deep sea, sea floor, ocean floor, in the ocean, in the "
                  "sea, at the bottom of the sea, bottom of the sea, bottom of the ocean, water, aquarium, "
                  "reef, in an aquarium, coral reef, submerged, in a coral reef, on the sea floor, on the "
                  "ocean floor",
    "desert": "sahara, dunes, dune, sand dune, badlands, gobi, wasteland",
    # times
    "by day": "at noon, at midday, in the morning, in the afternoon, in the sunshine, in sunlight, under "
              "the sun, in the sun, in the daytime, during the day, in bright daylight, in the daylight",
    "day": "noon, midday, morning, afternoon, daytime, sunshine, sunlight, sunlit",
    "sunset": "dusk, evening, sundown, twilight, golden hour, sunrise, dawn, nightfall, sunsets, gloaming",
    "at sunset": "in the evening, at dusk, at dawn, at twilight, at sundown, at golden hour, at the golden "
                 "hour",
    "night": "midnight, nighttime, moonlit, moonlight, starry, nocturnal, night time, darkness",
    "at night": "under the stars, in the dark, at midnight, in the moonlight, by moonlight, in the night, "
                "under the moon, during the night, in darkness, after dark",
    # what ties them together
    "wearing": "wears, wear, worn, puts on, putting on, sporting, in a pair of, wearing a pair of",
    "holding": "holds, hold, carrying, carries, grabbing, grasping, eating, eats, smelling, biting",
    "with": "has, having, have, owning, featuring, including, plus, accompanied by, along with, together "
            "with",
    "and": "n, as well as, then",
    "next to": "near, close to, alongside, by, nearby, by the side of, in front of, behind, adjacent to, "
               "besides",
    "to the left of": "on the left of, on the left side of, at the left of, to the left side of, leftward of",
    "to the right of": "on the right of, on the right side of, at the right of, to the right side of",
    "on the left": "at left, at the left, on the left side, to the left, on the left hand side",
    "on the right": "at right, at the right, on the right side, to the right, on the right hand side",
    "a picture of": "a photo of, a photograph of, an image of, a portrait of, a painting of, a sketch of",
    "picture of": "photo of, photograph of, image of, portrait of, painting of, sketch of, pic of, render of",
    "in": "dressed in, clothed in, within, into",
}  # fmt: skip

# Outside this world: the nearest words in it (left), the words typed (right).
NEAREST: dict[str, str] = {
    "bird, turtle": "dragon, dinosaur, pterodactyl, griffin, gryphon, dino, phoenix",
    "horse, dog": "elephant, cow, donkey, mule, sheep, goat, pig, deer, moose, camel, llama, rhino, hippo, "
                  "buffalo, bull, ox, giraffe, reindeer, antelope, bison, rhinoceros, hippopotamus, lamb, "
                  "alpaca",
    "horse": "unicorn, zebra, pegasus, centaur, horseback, rodeo",
    "tabby cat, cat": "tiger, lion, leopard, panther, cheetah, jaguar, lynx, puma, cougar, lioness",
    "dog, corgi": "wolf, fox, bear, hyena, coyote, jackal, panda, teddy bear, husky, dachshund, chihuahua, "
                  "dalmatian, wolves",
    "cat, dog": "pet, animal, mouse, rat, hamster, rabbit, bunny, squirrel, monkey, ape, gorilla, raccoon, "
                "hedgehog, ferret, koala, kangaroo, otter, beaver, creature, monster, guinea pig, mice, "
                "beast, sloth, badger",
    "bird": "chicken, hen, rooster, duck, goose, geese, swan, penguin, owl, eagle, hawk, falcon, peacock, "
            "flamingo, crow, raven, ostrich, turkey, bat, butterfly, bee, insect, bug, ladybug, fairy, "
            "dove, toucan",
    "turtle": "frog, toad, snail, lizard, crocodile, alligator, snake, gecko, iguana, crab, lobster, "
              "shell, armadillo",
    "fish": "shark, whale, dolphin, octopus, squid, jellyfish, seal, mermaid, orca, eel, ray, seahorse, "
            "shrimp",
    "man, woman": "person, people, human, child, children, kid, baby, teenager, student, teacher, doctor, "
                  "artist, dancer, friend, adult, someone, anyone, toddler, nurse, chef, athlete, player, "
                  "tourist, farmer",
    "man": "father, dad, son, brother, uncle, grandfather, grandpa, husband, policeman, cowboy, wizard, "
           "pirate, soldier, ninja, sailor, fireman, santa, clown, actor, waiter",
    "woman": "mother, mom, mum, daughter, sister, aunt, grandmother, grandma, wife, witch, bride, "
             "ballerina, actress",
    "king": "knight, crown, throne, ruler, lord, duke, samurai",
    "queen": "duchess, goddess, countess, royalty, tiara",
    "robot, man": "alien, astronaut, spaceman, ghost, zombie, vampire, spiderman, ironman, skeleton, "
                  "cosmonaut",
    "robot": "machine, computer, drone, terminator, transformer, toaster, laptop, phone, camera, "
             "television, tv",
    "house": "castle, palace, building, tower, church, skyscraper, barn, tent, temple, mansion, apartment, "
             "lighthouse, hotel, windmill, igloo, door, window, roof",
    "car": "bike, bicycle, boat, ship, truck, fire truck, lorry, bus, train, plane, airplane, aeroplane, "
           "motorcycle, motorbike, rocket, van, tractor, helicopter, scooter, submarine, tram, spaceship, "
           "ufo, skateboard, wagon, yacht",
    "tree": "plant, bush, palm, cactus, grass, leaf, leaves, shrub, bamboo, vine, mushroom",
    "apple": "pizza, fruit, banana, pear, strawberry, watermelon, burger, cake, bread, food, sandwich, "
             "cookie, cherry, grape, tomato, carrot, sushi, candy, pumpkin, ice cream, hot dog, donut, "
             "egg, bone, coffee, tea",
    "basketball": "tennis, golf, baseball, sport, frisbee, hoop, globe, toy, hockey",
    "balloon": "kite, bubble, lantern, umbrella, parachute, lollipop, lamp, candle, flag, gift, present, "
               "party",
    "flower": "orchid, garden, petal, lotus, wreath, violin, guitar, piano, trumpet, book, pen, sword, "
              "wand, bottle",
    "scarf, cape": "coat, jacket, dress, shirt, sweater, jumper, suit, tie, necklace, skirt, trousers, "
                   "robe, uniform, gloves, glove, shoes, shoe, boots, boot, socks, costume, clothes, "
                   "kimono, blanket",
    "hat": "helmet, wig, hair, hood, earring, headphones, ears, horn, antlers, feather",
    "headband": "glowing, ring, halo, bracelet, bow, ribbon, laser, neon, glow, shining",
    "sunglasses": "monocle, eyepatch, lens, eye, visor",
    "mask": "disguise, mustache, moustache, beard, makeup",
    "beach": "island, lake, river, pool, harbour, harbor, pond, pier, waterfall, wave, sand, swimming, "
             "surfing, surf, dock, boardwalk, lagoon, hawaii, summer, tropical",
    "forest": "park, field, meadow, farm, hill, mountain, valley, countryside, nature, swamp, prairie, "
              "outside, outdoors, spring, autumn, backyard, zoo, village, cliff, savanna, savannah, camp, "
              "trail, bridge",
    "space": "moon, star, planet, mars, sky, heaven, cloud, sun, comet, asteroid, jupiter, saturn, earth, "
             "stars",
    "desert": "canyon, volcano, egypt, pyramid, oasis, africa, texas, cave, mesa",
    "snow": "ski, skiing, skating, skate, iceberg, glacier, alps, snowman, snowboard, cold, frozen, "
            "christmas, snowstorm, everest",
    "city": "shop, store, market, mall, station, airport, stadium, court, bar, factory, parking",
    "room": "school, library, hospital, museum, gym, restaurant, cafe, table, chair, sofa, couch, bed, "
            "floor, desk, carpet, hallway, basement, attic, cellar, theatre, theater, stage, wall",
    "red": "burgundy, vermilion, blood, fire, fiery, flame",
    "grey, brown": "black, dark, ebony, jet black",
    "red, yellow": "rainbow, colourful, colorful, multicolored, multicoloured, bright, polka",
    "tabby cat": "striped, stripe, stripes, spotted, stripy, stripey",
    "sunset": "rain, rainy, storm, stormy, cloudy, fog, foggy, lightning, thunder",
    "next to, beside": "above, below, under, underneath, riding, over, between, beneath, atop, opposite, "
                       "beyond",
    "left, right": "middle, centre, center, top, bottom, corner, foreground, background",
}  # fmt: skip

# Left out without a word: they carry no picture of their own, or never did in training.
_LITTLE = """
    about actually after again ah all also although always am among another any are around art artwork
    as away be because been before being bit both but can could create detail detailed did do does doing
    draw drawing drawn dressed during each either else ever every facing for from gave generate get gets
    give goes had hd he her here hers herself highly him himself his how i if image is it its itself
    just kind like look looking looks lot made make makes making masterpiece may me might mine more most
    much my myself next now of off ok okay once one only or other our out own paint painting per photo
    photograph pic picture play playing please portrait quality quite really render scene she show
    showing shows side single sketch so some something stand standing stands staring still style such
    than thank thanks that their them there these they thing this those through to today together too
    toward towards until up upon us very via view want was way we were what when where which while who
    whose will would yes you your
"""
IGNORED = frozenset(_LITTLE.split())

NEGATIONS = frozenset(
    {"no", "not", "without", "never", "nothing", "none", "neither", "nor", "minus", "except"}
)
NUMBERS = {
    "two": 2, "2": 2, "pair of": 2, "couple of": 2, "a pair of": 2, "a couple of": 2, "twin": 2,
    "three": 3, "3": 3, "four": 4, "4": 4, "five": 5, "5": 5, "six": 6, "6": 6, "seven": 7, "7": 7,
    "eight": 8, "8": 8, "nine": 9, "9": 9, "ten": 10, "10": 10, "eleven": 11, "twelve": 12, "dozen": 12,
    "twenty": 20, "hundred": 100, "hundreds of": 100, "thousand": 1000, "many": 9, "several": 9, "few": 3,
    "a few": 3, "group of": 9, "a group of": 9, "herd of": 9, "a herd of": 9, "lots of": 9, "bunch of": 9,
    "a bunch of": 9, "a lot of": 9, "trio of": 3, "a trio of": 3, "dozens of": 12,
}  # fmt: skip

EMOJI = {
    "🐢": "turtle", "🐱": "cat", "🐈": "cat", "🐶": "dog", "🐕": "dog", "🐟": "fish", "🐠": "fish",
    "🐦": "bird", "🐤": "bird", "🐴": "horse", "🐎": "horse", "🤖": "robot", "🏠": "house", "🏡": "house",
    "🌳": "tree", "🌲": "tree", "🚗": "car", "🚙": "car", "👨": "man", "👩": "woman", "🤴": "king",
    "👸": "queen", "🕶": "sunglasses", "😎": "sunglasses", "🎩": "hat", "👒": "hat", "🧢": "hat",
    "🦸": "superhero", "🧣": "scarf", "🏀": "basketball", "🍎": "apple", "🍏": "apple", "🌸": "flower",
    "🌹": "flower", "🌷": "flower", "🎈": "balloon", "🏖": "beach", "🏝": "beach", "🚀": "space",
    "🌌": "space", "🏙": "city", "❄": "snow", "☃": "snow", "🌊": "beach", "🏜": "desert", "🌵": "desert",
    "☀": "sunny", "🌞": "sunny", "🌅": "sunset", "🌇": "sunset", "🌙": "night",
}  # fmt: skip
