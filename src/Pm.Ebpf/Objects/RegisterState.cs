using System.Runtime.CompilerServices;

namespace Pm.Ebpf.Objects;

/// <summary>What is known of each register at one place of a program.</summary>
struct RegisterState
{
    /// <summary>Of those that programs have 11 are real; the numbers of bytes from outside go up to 15.</summary>
    const int Count = 16;

    /// <summary>Those that a call leaves behind changed: 0 to 5.</summary>
    const int OfCalls = 6;

    Registers _registers;

    public RegisterValue this[int register]
    {
        readonly get => _registers[register];
        set => _registers[register] = value;
    }

    public void ForgetAfterCall()
    {
        for (var i = 0; i < OfCalls; i++)
        {
            _registers[i] = RegisterValue.Unknown;
        }
    }

    /// <summary>Keeps what is known on both ways to one place.</summary>
    public void Join(in RegisterState other)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_registers[i] != other._registers[i])
            {
                _registers[i] = RegisterValue.Unknown;
            }
        }
    }

    [InlineArray(Count)]
    struct Registers
    {
        RegisterValue _first;
    }
}
