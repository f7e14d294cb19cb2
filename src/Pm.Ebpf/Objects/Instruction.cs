using System.Buffers.Binary;

namespace Pm.Ebpf.Objects;

/// <summary>One eBPF instruction of 8 bytes. Source: RFC 9669.</summary>
readonly ref struct Instruction(ReadOnlySpan<byte> bytes)
{
    public const int Size = 8;

    const byte Call = 0x85;
    const byte Exit = 0x95;
    const byte AtomicClass = 0xc3;

    readonly byte _code = bytes[0];
    readonly byte _registers = bytes[1];

    public short Offset { get; } = BinaryPrimitives.ReadInt16LittleEndian(bytes[2..]);

    public int Immediate { get; } = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);

    public int Destination => _registers & 0xf;

    public int Source => _registers >> 4;

    /// <summary>A call of a helper by its number.</summary>
    public bool IsHelperCall => _code == Call && Source == 0;

    public bool IsCall => _code is Call or 0x8d;

    public bool IsExit => _code == Exit;

    /// <summary>A 64-bit value, of which this has the lower half, and what would be the next instruction the upper.</summary>
    public bool IsWide => _code == 0x18;

    public bool IsAlways => _code is 0x05 or 0x06;

    /// <summary>May go on elsewhere than behind it.</summary>
    public bool IsJump => Class is 5 or 6 && !IsCall && !IsExit;

    /// <summary>How far it jumps, from behind it on.</summary>
    public int Distance => _code == 0x06 ? Immediate : Offset;

    public bool IsMove => (_code & 0xf0) == 0xb0 && Class is (4 or 7);

    public bool IsMoveOfRegister => IsMove && (_code & 8) != 0;

    public bool Is32Bits => Class == 4;

    /// <summary>Reads a packet by the old way, which takes the registers of a call.</summary>
    public bool IsPacketRead => Class == 0 && !IsWide;

    /// <summary>Changes its first register.</summary>
    public bool Writes => Class is 0 or 1 or 4 or 7;

    /// <summary>May put what stood in memory into its second register, or into the first of all.</summary>
    public bool IsAtomic => (_code & 0xe7) == AtomicClass;

    /// <summary>What it calculates, or compares, with the bits of its class and source taken off.</summary>
    public int Operation => _code & 0xf0;

    /// <summary>Its second number is a register's.</summary>
    public bool IsOfRegister => (_code & 8) != 0;

    public bool Is32BitJump => Class == 6;

    /// <summary>Reads memory into its first register.</summary>
    public bool IsLoad => Class == 1;

    /// <summary>Writes its second register to memory.</summary>
    public bool IsStoreOfRegister => Class == 3;

    public bool IsMemoryAccess => Class is 1 or 2 or 3;

    /// <summary>Bytes that it reads or writes.</summary>
    public int AccessSize => (_code >> 3 & 3) switch { 0 => 4, 1 => 2, 2 => 1, _ => 8 };

    int Class => _code & 7;
}
