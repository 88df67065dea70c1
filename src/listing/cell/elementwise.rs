//! Operations number by number, over rows that may lie apart. The loops over a row stand in `math`.

use crate::listing::cell::instruction::Instruction;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use crate::math::rows::{Rows, Target};
use crate::math::{Backend, elementary, elementwise};

/// Computes `target` from one or two inputs; for one input both are the same. An input of one number is broadcast.
pub(super) fn compute(backend: Backend, instruction: &Instruction, inputs: [Rows; 2], mut target: Target) {
    match instruction {
        Instruction::Binary(operation) => target.compute(&binary(*operation), inputs),
        Instruction::Negate => target.compute(&|a, _, out| elementwise::negate(a, out), inputs),
        Instruction::Clip(low, high) => {
            let bounds = (f32::from_bits(*low), f32::from_bits(*high));
            target.compute(&|a, _, out| elementwise::clip(a, bounds, out), inputs);
        }
        Instruction::Function(function) => {
            let in_place: fn(Backend, &mut [f32]) = match function {
                Function::Tanh => elementary::tanh_all,
                Function::Sigmoid => elementary::sigmoid_all,
                Function::Exp => elementary::exp_all,
                Function::Log => |_, x| elementwise::ln_all(x),
                Function::Relu => |_, x| elementwise::relu_all(x),
                _ => |_, x| elementwise::hard_sigmoid_all(x),
            };
            let copied = |a: &[f32], _: &[f32], out: &mut [f32]| {
                out.copy_from_slice(a);
                in_place(backend, out);
            };
            target.compute(&copied, inputs);
        }
        _ => unreachable!("the layout calls these operations elementwise"),
    }
}

fn binary(operation: Binary) -> fn(&[f32], &[f32], &mut [f32]) {
    match operation {
        Binary::Add => elementwise::add,
        Binary::Subtract => elementwise::subtract,
        Binary::Multiply => elementwise::multiply,
        Binary::Divide => elementwise::divide,
        Binary::Power => elementwise::power,
        Binary::Greater => elementwise::greater,
        Binary::Less => elementwise::less,
        Binary::GreaterEqual => elementwise::greater_equal,
        Binary::MatMul => unreachable!("a matrix product is an instruction of its own"),
    }
}
