//! Circles of files: who reads one file of a circle has to read all of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Which file needs which.
pub type Graph = BTreeMap<String, BTreeSet<String>>;

/// The shortest circle through a file that is in one; others through the same files are told when it is open.
pub fn circles(graph: &Graph) -> Vec<Vec<String>> {
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for file in graph.keys() {
        let circle = shortest_way_back(graph, file);
        if let Some(circle) = circle.filter(|circle| circle.iter().all(|member| !told.contains(member))) {
            told.extend(circle.iter().cloned());
            found.push(circle);
        }
    }
    found
}

fn shortest_way_back(graph: &Graph, start: &str) -> Option<Vec<String>> {
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(file) = waiting.pop_front() {
        for next in graph.get(file).into_iter().flatten() {
            if next == start {
                let mut way = vec![start.to_owned(), file.to_owned()];
                while let Some(earlier) = before.get(way[way.len() - 1].as_str()) {
                    way.push((*earlier).to_owned());
                }
                way.reverse();
                way.dedup();
                return Some(way);
            }
            if !before.contains_key(next.as_str()) {
                before.insert(next, file);
                waiting.push_back(next);
            }
        }
    }
    None
}

/// The circles as sentences.
pub fn complaints(graph: &Graph) -> Vec<String> {
    circles(graph).iter().map(|circle| format!("a circle of files: {}", circle.join(" → "))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_told_once_with_its_way() {
        let edges = [("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e")];
        let mut graph = Graph::new();
        for (from, to) in edges {
            graph.entry(from.to_owned()).or_default().insert(to.to_owned());
        }
        assert_eq!(complaints(&graph), ["a circle of files: a → b → c → a"]);
    }
}
