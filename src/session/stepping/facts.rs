//! What the values of a cell do, as its graph shows it: which are gates and what they multiply, which is the candidate,
//! which state is kept through a gate.

use crate::listing::{Binary, Function, Graph, NodeId, Op, Pass, Recording, Role};

/// What a gate does to the value that it multiplies, number by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The share of a state that stays in it.
    Keeps {
        /// The position among the states.
        state: usize,
    },
    /// The share of a new value that is added to a state.
    LetsIn {
        /// The new value.
        value: NodeId,
        /// The position of the state among the states.
        state: usize,
    },
    /// The share of a function of a new state that goes on, as the hidden state of an LSTM.
    Shows {
        /// That function's value.
        value: NodeId,
        /// The position of the new state among the states.
        state: usize,
    },
    /// The share of any other value that goes on.
    Scales {
        /// That value.
        value: NodeId,
    },
}

/// An effect of a gate, or of one minus the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GateUse {
    /// What is done.
    pub effect: Effect,
    /// Whether 1 minus the gate does it.
    pub complement: bool,
}

/// The facts of one cell.
pub struct Facts<'a> {
    recording: &'a Recording,
    pub(super) graph: &'a Graph,
}

impl<'a> Facts<'a> {
    /// The facts of a recorded cell.
    pub fn new(recording: &'a Recording) -> Self {
        Self { recording, graph: recording.listing().graph() }
    }

    /// The names of the states.
    pub fn states(&self) -> Vec<&'a str> {
        self.recording.listing().states()
    }

    /// The states that a timestep reads.
    pub fn states_read(&self) -> Vec<&'a str> {
        let needed = self.graph.needed_for(&self.graph.returns);
        let states = self.states().into_iter().enumerate();
        states.filter(|(state, _)| needed[state + 1]).map(|(_, name)| name).collect()
    }

    /// Whether the values of a node are shares between 0 and 1 that multiply: sigmoid, or 1 minus such a gate.
    pub fn is_gate(&self, node: NodeId) -> bool {
        match self.graph.nodes[node].op {
            Op::Function(Function::Sigmoid | Function::HardSigmoid) => true,
            Op::Binary(Binary::Subtract) => {
                self.complement_of(node).is_some_and(|gate| gate != node && self.is_gate(gate))
            }
            _ => false,
        }
    }

    /// The gate that a node is 1 minus of.
    pub fn complement_of(&self, node: NodeId) -> Option<NodeId> {
        let n = &self.graph.nodes[node];
        let one = |input: &NodeId| matches!(self.graph.nodes[*input].op, Op::Number(1.0));
        match (&n.op, n.inputs.as_slice()) {
            (Op::Binary(Binary::Subtract), [first, gate]) if one(first) => Some(*gate),
            _ => None,
        }
    }

    /// What a gate does, in the order of the text.
    pub fn uses(&self, gate: NodeId) -> Vec<GateUse> {
        let mut found = Vec::new();
        for user in self.users(gate) {
            if let Some(effect) = self.effect(gate, user) {
                found.push(GateUse { effect, complement: false });
            } else if self.complement_of(user) == Some(gate) && self.graph.nodes[user].name.is_none() {
                let effects = self.users(user).filter_map(|product| self.effect(user, product));
                found.extend(effects.map(|effect| GateUse { effect, complement: true }));
            }
        }
        found
    }

    /// Whether any line reads a node.
    pub fn is_read(&self, node: NodeId) -> bool {
        self.graph.returns.contains(&node) || self.users(node).next().is_some()
    }

    /// The gate that decides how much of `value` is let into a state; whether it is 1 minus that gate.
    pub fn gate_of_candidate(&self, value: NodeId) -> Option<(NodeId, bool)> {
        if self.is_gate(value) || self.is_parameter(value) {
            return None;
        }
        let gates = (0..self.graph.nodes.len()).filter(|node| self.is_gate(*node));
        gates.into_iter().find_map(|gate| {
            let mut uses = self.uses(gate).into_iter();
            let found =
                uses.find(|use_| matches!(use_.effect, Effect::LetsIn { value: v, .. } if v == value))?;
            Some((gate, found.complement))
        })
    }

    /// Whether any gate keeps a share of a state.
    pub fn is_kept(&self, state: usize) -> bool {
        let mut gates = (0..self.graph.nodes.len()).filter(|node| self.is_gate(*node));
        gates.any(|gate| self.uses(gate).iter().any(|use_| use_.effect == Effect::Keeps { state }))
    }

    /// Whether a state is a memory: it is kept through a gate and another gate shows a function of it, or it alone is
    /// carried on without weights while the hidden state is made from it.
    pub fn is_memory(&self, state: usize) -> bool {
        let is_alone =
            || !(0..self.graph.returns.len()).any(|other| other != state && self.is_behind_hidden(other));
        self.is_shown_by_a_gate(state) || self.is_behind_hidden(state) && is_alone()
    }

    fn is_shown_by_a_gate(&self, state: usize) -> bool {
        let mut gates = (0..self.graph.nodes.len()).filter(|node| self.is_gate(*node));
        self.is_kept(state)
            && gates.any(|gate| {
                let mut uses = self.uses(gate).into_iter();
                uses.any(|use_| matches!(use_.effect, Effect::Shows { state: s, .. } if s == state))
            })
    }

    /// Whether the new value of a state, which no weight multiplies, goes number by number into a state that later
    /// timesteps read, with weights or as the output layer does.
    fn is_behind_hidden(&self, state: usize) -> bool {
        let (nodes, returns) = (&self.graph.nodes, &self.graph.returns);
        let after = returns[state];
        if after == state + 1 {
            return false;
        }
        let is_product = |node: NodeId| matches!(nodes[node].op, Op::MatMul { .. });
        let reached = |from: NodeId, ends: &dyn Fn(NodeId) -> bool| {
            let mut reached = vec![false; nodes.len()];
            reached[from] = true;
            for node in 0..nodes.len() {
                let inputs = &nodes[node].inputs;
                reached[node] |= inputs.iter().any(|input| reached[*input] && !ends(*input));
            }
            reached
        };
        let before = reached(state + 1, &|node| is_product(node) || returns.contains(&node));
        if (0..nodes.len()).any(|node| before[node] && is_product(node)) {
            return false;
        }
        let behind = reached(after, &is_product);
        let has_weights = |other: usize| {
            nodes.iter().any(|node| {
                matches!(node.op, Op::MatMul { .. })
                    && node.inputs.contains(&(other + 1))
                    && node.inputs.iter().any(|input| self.role(*input) == Some(Role::Weight))
            })
        };
        let read = super::walk::output_state(self.recording.listing());
        let is_hidden = |other: usize| !self.is_output(other) && (other == read || has_weights(other));
        (0..returns.len()).any(|other| other != state && behind[returns[other]] && is_hidden(other))
    }

    /// What a beginner calls a value of the cell, by what it does; nothing where that has no name. The output layer
    /// reads the state at `read_state`.
    pub fn title(&self, name: &str, read_state: usize) -> Option<&'static str> {
        if name == self.recording.listing().input() {
            return Some("input");
        }
        if let Some(state) = self.states().iter().position(|known| *known == name) {
            return Some(self.state_title(state, read_state));
        }
        let node = self.graph.assigned.iter().rev().find(|assigned| assigned.name == name)?.node;
        self.title_of(node)
    }

    fn state_title(&self, state: usize, read_state: usize) -> &'static str {
        match self.graph.returns.get(state) {
            Some(made) if *made == state + 1 => "constant",
            Some(0) => "input before",
            _ if self.is_memory(state) => "memory",
            _ if self.is_output(state) => "output",
            _ if self.is_hidden(state, read_state) => "hidden state",
            _ => "state",
        }
    }

    fn is_output(&self, state: usize) -> bool {
        super::walk::is_output(self.recording.listing(), state)
    }

    /// Whether a state is what a textbook calls the hidden state: the output layer reads it, or a gate shows a memory
    /// in it, or no other state is carried on. Of several others none is.
    fn is_hidden(&self, state: usize, read_state: usize) -> bool {
        let made = self.graph.returns.get(state);
        let is_plain = |other: &usize| {
            let is_carried =
                self.graph.returns.get(*other).is_some_and(|made| *made != 0 && *made != other + 1);
            is_carried && !self.is_memory(*other) && !self.is_output(*other)
        };
        state == read_state
            || made.is_some_and(|made| self.shows_a_memory(*made))
            || (0..self.states().len()).filter(is_plain).count() == 1
    }

    /// Whether a node is a gate times a function of a memory.
    fn shows_a_memory(&self, node: NodeId) -> bool {
        self.graph.nodes[node].inputs.iter().filter(|input| self.is_gate(**input)).any(|gate| {
            matches!(self.effect(*gate, node), Some(Effect::Shows { state, .. }) if self.is_memory(state))
        })
    }

    /// What a gate or a candidate is called; a sigmoid that is read and multiplies nothing is no gate.
    pub(super) fn title_of(&self, node: NodeId) -> Option<&'static str> {
        if self.is_gate(node) {
            return self.gate_title(node);
        }
        self.gate_of_candidate(node).map(|_| "candidate")
    }

    fn gate_title(&self, gate: NodeId) -> Option<&'static str> {
        let uses = self.uses(gate);
        if uses.is_empty() && self.is_read(gate) {
            return None;
        }
        let has = |complement: bool, is: fn(Effect) -> bool| {
            uses.iter().any(|use_| use_.complement == complement && is(use_.effect))
        };
        let keeps = |effect| matches!(effect, Effect::Keeps { .. });
        let lets_in = |effect| matches!(effect, Effect::LetsIn { .. });
        Some(if has(false, keeps) && has(true, lets_in) || has(false, lets_in) && has(true, keeps) {
            "update gate"
        } else if has(false, keeps) {
            "forget gate"
        } else if has(false, lets_in) {
            "input gate"
        } else if has(false, |effect| matches!(effect, Effect::Shows { .. })) {
            "output gate"
        } else if uses.iter().any(|use_| self.scales_a_state(use_.effect)) {
            "reset gate"
        } else {
            "gate"
        })
    }

    /// Whether a gate scales a state, or a product of a state with a weight.
    fn scales_a_state(&self, effect: Effect) -> bool {
        let Effect::Scales { value } = effect else { return false };
        let source = match self.graph.nodes[value].op {
            Op::Part { .. } => self.graph.nodes[value].inputs[0],
            _ => value,
        };
        let summed = self.summed(source);
        self.role(value) == Some(Role::State) || summed.states == 1 && !summed.input && !summed.others
    }

    /// What the part `node` of a split goes into: how many of the parts are gates, and whether one is the candidate.
    pub fn parts_made_of(&self, parts: &[NodeId]) -> (usize, usize) {
        let gates = parts.iter().filter(|part| self.leads_to(**part, |node| self.is_gate(node)));
        let candidates =
            parts.iter().filter(|part| self.leads_to(**part, |node| self.gate_of_candidate(node).is_some()));
        (gates.count(), candidates.count())
    }

    /// Whether a node is summed with others and then goes into a value that `is` such.
    fn leads_to(&self, node: NodeId, is: impl Fn(NodeId) -> bool + Copy) -> bool {
        self.users(node).any(|user| {
            is(user)
                || matches!(self.graph.nodes[user].op, Op::Binary(Binary::Add))
                    && self.graph.nodes[user].name.is_none()
                    && self.leads_to(user, is)
        })
    }

    /// Parameters that `node` is a sum of products of: the input, the states, and whether anything else is in it.
    pub fn summed(&self, node: NodeId) -> Summed {
        let mut summed = Summed::default();
        self.add_up(node, &mut summed);
        summed
    }

    fn add_up(&self, node: NodeId, summed: &mut Summed) {
        let n = &self.graph.nodes[node];
        match &n.op {
            Op::Binary(Binary::Add) => n.inputs.iter().for_each(|input| self.add_up(*input, summed)),
            Op::MatMul { .. } => {
                let roles: Vec<Option<Role>> = n.inputs.iter().map(|input| self.role(*input)).collect();
                match roles.as_slice() {
                    [Some(Role::Input), Some(Role::Weight)] | [Some(Role::Weight), Some(Role::Input)] => {
                        summed.input = true;
                    }
                    [Some(Role::State), Some(Role::Weight)] | [Some(Role::Weight), Some(Role::State)] => {
                        summed.states += 1;
                    }
                    _ => summed.others = true,
                }
            }
            Op::Parameter(_) if self.role(node) == Some(Role::Weight) => summed.bias = true,
            Op::Slice(_) if self.role(n.inputs[0]) == Some(Role::Weight) => summed.bias = true,
            _ => summed.others = true,
        }
    }

    /// Whether a node is the input, a state or a weight.
    pub fn role(&self, node: NodeId) -> Option<Role> {
        let Op::Parameter(position) = self.graph.nodes[node].op else { return None };
        self.recording.shapes().parameters.get(position).map(|parameter| parameter.role)
    }

    fn is_parameter(&self, node: NodeId) -> bool {
        matches!(self.graph.nodes[node].op, Op::Parameter(_))
    }

    pub(super) fn users(&self, node: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        let all = self.graph.nodes.iter().enumerate();
        all.filter(move |(_, n)| n.inputs.contains(&node)).map(|(id, _)| id)
    }

    /// What `product` does with the value that `gate` multiplies; `None` if it is no product of two equal shapes.
    fn effect(&self, gate: NodeId, product: NodeId) -> Option<Effect> {
        let n = &self.graph.nodes[product];
        if !matches!(n.op, Op::Binary(Binary::Multiply)) {
            return None;
        }
        let value = *n.inputs.iter().find(|input| **input != gate)?;
        let shape = |node: NodeId| self.recording.shape(Pass::Forward, node);
        if shape(value) != shape(gate) || shape(product) != shape(gate) {
            return None;
        }
        let enters = self.enters(product);
        let whole = match self.graph.nodes[value].op {
            Op::Part { .. } => self.graph.nodes[value].inputs[0],
            _ => value,
        };
        let state_before = (1..=self.graph.returns.len())
            .find(|parameter| *parameter == whole)
            .map(|parameter| parameter - 1);
        Some(match (state_before, enters) {
            (Some(state), Some(into)) if state == into => Effect::Keeps { state },
            (None, Some(state)) if self.gates_a_sum(product) => Effect::LetsIn { value, state },
            _ => match self.state_inside(value) {
                Some(state) => Effect::Shows { value, state },
                _ => Effect::Scales { value },
            },
        })
    }

    /// The state that a product is a summand of.
    fn enters(&self, node: NodeId) -> Option<usize> {
        if let Some(state) = self.graph.returns.iter().position(|returned| *returned == node) {
            return Some(state);
        }
        let mut users = self.users(node);
        let (first, second) = (users.next()?, users.next());
        let adds = matches!(self.graph.nodes[first].op, Op::Binary(Binary::Add) | Op::Concatenate(_));
        (second.is_none() && adds).then(|| self.enters(first)).flatten()
    }

    /// Whether a product is added to something before it is a state.
    fn gates_a_sum(&self, product: NodeId) -> bool {
        self.users(product).any(|user| matches!(self.graph.nodes[user].op, Op::Binary(Binary::Add)))
    }

    /// The new state that a function is taken of.
    fn state_inside(&self, value: NodeId) -> Option<usize> {
        let n = &self.graph.nodes[value];
        let argument = n.inputs.first().filter(|_| matches!(n.op, Op::Function(_)))?;
        self.graph.returns.iter().position(|returned| returned == argument && !self.is_parameter(*returned))
    }
}

/// What a sum consists of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summed {
    /// The input times a weight.
    pub input: bool,
    /// So many states times a weight.
    pub states: usize,
    /// A weight by itself.
    pub bias: bool,
    /// Anything else.
    pub others: bool,
}
