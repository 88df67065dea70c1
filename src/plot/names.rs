//! Names of level lines, placed where no curve runs through them.

/// A rectangle in pixels: left, top, right, bottom.
pub(super) type Rectangle = [f64; 4];

/// A line in pixels, from point to point.
pub(super) type Polyline = Vec<[f64; 2]>;

/// Where along its level line a name may begin, the best first: from 0 at the left edge to 1 at the right one.
const PLACES: [f64; 7] = [1.0, 0.0, 0.8, 0.6, 0.4, 0.2, 0.5];
/// From one point of a line to the next that is looked at, in letters' heights.
const STEP: f64 = 0.25;

/// Where a name of `size` beside the level line at height `level` hides least: above the line or, `gap` away, below it,
/// inside of `area`, away from `lines` and names that were `placed` before; and whether it hides nothing there.
pub(super) fn place(
    [width, height]: [f64; 2],
    level: f64,
    gap: f64,
    area: Rectangle,
    lines: &[Polyline],
    placed: &[Rectangle],
) -> (Rectangle, bool) {
    let [left, top, right, bottom] = area;
    let rows = [level - gap - height, level + gap];
    let rows = rows.into_iter().filter(|y| (top..=bottom - height).contains(y));
    let rows: Vec<f64> = rows.collect();
    let at = |share: f64, y: f64| {
        let x = left + share * (right - width - left).max(0.0);
        [x, y, x + width, y + height]
    };
    let places = PLACES.into_iter().flat_map(|share| rows.iter().map(move |y| (share, *y)));
    let mut best = at(1.0, rows.first().copied().unwrap_or(top));
    let mut least = usize::MAX;
    for (share, y) in places {
        let room = at(share, y);
        let names = placed.iter().filter(|other| overlap(room, **other)).count();
        let hidden = lines.iter().map(|line| points_inside(line, room, STEP * height)).sum::<usize>();
        let cost = 1000 * names + hidden;
        if cost < least {
            (best, least) = (room, cost);
        }
        if least == 0 {
            break;
        }
    }
    (best, least == 0)
}

fn overlap(one: Rectangle, other: Rectangle) -> bool {
    one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]
}

/// Points of a line inside of a rectangle, of those that stand `step` apart along it.
fn points_inside(line: &[[f64; 2]], room: Rectangle, step: f64) -> usize {
    let inside = |[x, y]: [f64; 2]| room[0] <= x && x <= room[2] && room[1] <= y && y <= room[3];
    let along = |pair: &[[f64; 2]]| {
        let [a, b] = [pair[0], pair[1]];
        let far = a[0].max(b[0]) < room[0] || a[0].min(b[0]) > room[2];
        let length = (a[0] - b[0]).abs().max((a[1] - b[1]).abs());
        let steps = if far { 0 } else { (length / step.max(1.0)).ceil() as usize };
        let at = |k: usize| [0, 1].map(|c| a[c] + (b[c] - a[c]) * k as f64 / steps.max(1) as f64);
        (0..steps).filter(|k| inside(at(*k))).count()
    };
    line.windows(2).map(along).sum::<usize>() + line.last().map_or(0, |end| usize::from(inside(*end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Rectangle = [0.0, 0.0, 400.0, 160.0];

    #[test]
    fn a_name_stands_at_the_right_above_its_line_where_nothing_is() {
        assert_eq!(place([60.0, 12.0], 100.0, 2.0, AREA, &[], &[]), ([340.0, 86.0, 400.0, 98.0], true));
    }

    #[test]
    fn a_name_that_would_be_cut_at_the_top_stands_below() {
        assert_eq!(place([60.0, 12.0], 5.0, 2.0, AREA, &[], &[]), ([340.0, 7.0, 400.0, 19.0], true));
    }

    #[test]
    fn no_line_runs_through_a_name_that_has_another_place() {
        let steep = vec![[0.0, 10.0], [400.0, 150.0]];
        let (room, free) = place([60.0, 12.0], 130.0, 2.0, AREA, std::slice::from_ref(&steep), &[]);
        assert!(free);
        assert_eq!(points_inside(&steep, room, 1.0), 0, "{room:?}");
        let around = vec![[300.0, 120.0], [400.0, 120.0], [300.0, 140.0], [400.0, 140.0]];
        let (room, free) = place([60.0, 12.0], 130.0, 2.0, AREA, std::slice::from_ref(&around), &[]);
        assert!(free);
        assert_eq!(points_inside(&around, room, 1.0), 0, "{room:?}");
    }

    #[test]
    fn a_name_without_a_free_place_says_so() {
        let noise = (0..400).map(|x| [f64::from(x), if x % 2 == 0 { 0.0 } else { 160.0 }]).collect();
        let (room, free) = place([60.0, 12.0], 100.0, 2.0, AREA, &[noise], &[]);
        assert!(!free && room[0] >= AREA[0] && room[2] <= AREA[2], "{room:?}");
    }

    #[test]
    fn names_do_not_cover_each_other() {
        let (first, _) = place([60.0, 12.0], 100.0, 2.0, AREA, &[], &[]);
        let (second, _) = place([80.0, 12.0], 104.0, 2.0, AREA, &[], &[first]);
        assert!(!overlap(first, second), "{first:?} {second:?}");
    }
}
