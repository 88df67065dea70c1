//! Which operation of `math` an instruction is that works number by number.

use crate::listing::cell::instruction::Instruction;
use crate::listing::language::functions::Function;
use crate::listing::language::tree::Binary;
use crate::math::elementwise::Operation;

/// The operation; every instruction that the layout calls elementwise has one.
#[inline(always)]
pub(super) fn operation(instruction: &Instruction) -> Operation {
    match instruction {
        Instruction::Binary(operation) => of_two(*operation),
        Instruction::Negate => Operation::Negate,
        Instruction::Clip(low, high) => Operation::Clip(f32::from_bits(*low), f32::from_bits(*high)),
        Instruction::Function(function) => match function {
            Function::Tanh => Operation::Tanh,
            Function::Sigmoid => Operation::Sigmoid,
            Function::Exp => Operation::Exp,
            Function::Log => Operation::Ln,
            Function::Relu => Operation::Relu,
            Function::Sin => Operation::Sin,
            Function::Cos => Operation::Cos,
            Function::Sign => Operation::Sign,
            Function::Arctan => Operation::Arctan,
            Function::Floor => Operation::Floor,
            Function::Rint => Operation::Round,
            Function::Log1p => Operation::Log1p,
            Function::Expm1 => Operation::Expm1,
            _ => Operation::HardSigmoid,
        },
        _ => unreachable!("the layout calls these operations elementwise"),
    }
}

#[inline(always)]
fn of_two(operation: Binary) -> Operation {
    match operation {
        Binary::Add => Operation::Add,
        Binary::Subtract => Operation::Subtract,
        Binary::Multiply => Operation::Multiply,
        Binary::Divide => Operation::Divide,
        Binary::Power => Operation::Power,
        Binary::Greater => Operation::Greater,
        Binary::Less => Operation::Less,
        Binary::GreaterEqual => Operation::GreaterEqual,
        Binary::LessEqual => Operation::LessEqual,
        Binary::Equal => Operation::Equal,
        Binary::NotEqual => Operation::NotEqual,
        _ => unreachable!("this operation is made of others"),
    }
}
