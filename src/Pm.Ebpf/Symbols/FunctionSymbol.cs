namespace Pm.Ebpf.Symbols;

/// <summary>A function of a program: there may be a million of them, so its name stays where the file has it.</summary>
/// <param name="Start">Its first address.</param>
/// <param name="End">The first that is no part of it.</param>
/// <param name="Name">Where its name begins in the table of names.</param>
/// <param name="Section">The number of the section that it is in.</param>
/// <param name="IsLocal">Whether only its own source knows it.</param>
readonly record struct FunctionSymbol(ulong Start, ulong End, uint Name, ushort Section, bool IsLocal);
