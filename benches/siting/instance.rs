//! The instances of Cordeau, Furini and Ljubić (EJOR 275(3), 2019), drawn anew: customers and sites in a square of 30, coordinates of six
//! decimals, a customer covered by a site nearer than the radius. In millionths of a unit, so that every comparison is of whole numbers.

use chargegap::internals::siting::CoverRows;

/// `rand()` of the GNU C library (TYPE_3, additive feedback).
pub struct Rand {
    ring: [u32; 31],
    at: usize,
}

impl Rand {
    pub fn new(seed: u32) -> Self {
        let mut ring = [0u32; 31];
        let mut last = i64::from(seed);
        for word in &mut ring {
            *word = last as u32; // below 2^31
            last = 16_807 * last % 0x7fff_ffff;
        }
        let mut rand = Self { ring, at: 3 }; // the first three go round as they are
        for _ in 0..310 {
            rand.draw();
        }
        rand
    }

    /// The next number, below 2^31: each word is the sum of itself and the word 3 draws ago.
    pub fn draw(&mut self) -> u32 {
        let word = self.ring[self.at].wrapping_add(self.ring[if self.at < 3 { self.at + 28 } else { self.at - 3 }]);
        self.ring[self.at] = word;
        self.at = if self.at == 30 { 0 } else { self.at + 1 };
        word >> 1
    }

    /// A coordinate, millionths.
    fn coordinate(&mut self) -> i64 {
        (f64::from(self.draw()) / f64::from(0x7fff_ffff) * 30.0 * 1e6).round() as i64
    }
}

/// Side of a cell of the grid that tells which sites are near, millionths.
const CELL: i64 = 100_000;
/// Cells along a side of the square.
const CELLS: usize = 301;

/// Sites by cell: those that cover all of it, and those that may cover a part.
struct Grid {
    sure: Vec<Vec<u32>>,
    maybe: Vec<Vec<u32>>,
}

impl Grid {
    fn new(sites: &[[i64; 2]], radius: i64) -> Self {
        let mut grid = Self { sure: vec![Vec::new(); CELLS * CELLS], maybe: vec![Vec::new(); CELLS * CELLS] };
        let ends = |cell: i64, v: i64| [(v - cell * CELL), (v - (cell + 1) * CELL)];
        let far = |[a, b]: [i64; 2]| a.abs().max(b.abs());
        let near = |[a, b]: [i64; 2]| if a < 0 { -a } else { b.max(0) };
        for (site, [x, y]) in (0u32..).zip(sites) {
            for cell in 0..CELLS * CELLS {
                let [dx, dy] = [ends((cell / CELLS) as i64, *x), ends((cell % CELLS) as i64, *y)];
                if far(dx).pow(2) + far(dy).pow(2) < radius.pow(2) {
                    grid.sure[cell].push(site);
                } else if near(dx).pow(2) + near(dy).pow(2) < radius.pow(2) {
                    grid.maybe[cell].push(site);
                }
            }
        }
        grid
    }
}

/// Draws sites and customers, and gives every customer with the sites that cover it to the rows; none is kept.
pub fn rows(sites: usize, customers: usize, seed: u32, radius: f64) -> CoverRows {
    let mut draws = Rand::new(seed);
    let at: Vec<[i64; 2]> = (0..sites).map(|_| [draws.coordinate(), draws.coordinate()]).collect();
    let radius = (radius * 1e6).round() as i64;
    let grid = Grid::new(&at, radius);
    // demands are drawn behind all coordinates and the costs
    let mut demands = Rand::new(seed);
    for _ in 0..3 * sites + 2 * customers {
        demands.draw();
    }
    let (mut rows, mut covered) = (CoverRows::default(), Vec::new());
    for _ in 0..customers {
        let [x, y] = [draws.coordinate(), draws.coordinate()];
        let cell = (x / CELL) as usize * CELLS + (y / CELL) as usize;
        covered.clear();
        covered.extend_from_slice(&grid.sure[cell]);
        let near = |s: &&u32| (at[**s as usize][0] - x).pow(2) + (at[**s as usize][1] - y).pow(2) < radius.pow(2);
        covered.extend(grid.maybe[cell].iter().filter(near));
        covered.sort_unstable();
        rows.add(&covered, u64::from(demands.draw() % 100 + 1));
    }
    rows
}
