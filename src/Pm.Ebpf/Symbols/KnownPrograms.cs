using Microsoft.Win32.SafeHandles;
using Pm.Linux;

namespace Pm.Ebpf.Symbols;

/// <summary>The functions of the files that processes have in their memory. What was read is kept, as long as there is not too much of it.</summary>
/// <param name="credit">Bytes of tables that are read however few addresses there were.</param>
sealed class KnownPrograms(long credit = KnownPrograms.FirstCredit)
{
    const int MostFiles = 256;

    /// <summary>Bytes of tables that are kept.</summary>
    const long MostKept = 256 << 20;

    const long FirstCredit = 256 << 20;

    /// <summary>Bytes more for each address.</summary>
    const long CreditOfAddress = 2048;

    /// <summary>What a file that is read costs besides its tables.</summary>
    const long CostOfFile = 64 << 10;

    /// <summary>What it costs to look for a file, whatever comes of it.</summary>
    const long CostOfLook = 16 << 10;

    readonly long _most = credit;
    readonly Dictionary<FileIdentity, ProgramFunctions> _known = [];
    long _kept;

    /// <summary>Below zero no file is read: a process that makes ever new ones could have events wait for nothing else.</summary>
    long _credit = credit;

    /// <summary>Files that were read.</summary>
    public int Reads { get; private set; }

    /// <summary><c>name+0x12</c> for an address of a mapping; null where no function is known there.</summary>
    public string? NameOf(int pid, ProcessMapping mapping, ulong address)
    {
        _credit = Math.Min(_credit + CreditOfAddress, _most);
        return mapping.IsNameless ? null
            : mapping.Identity is { } identity && _known.TryGetValue(identity, out var functions) ? functions.NameOf(mapping.PlaceOf(address))
            : _credit < 0 ? null
            : Look(pid, mapping)?.NameOf(mapping.PlaceOf(address));
    }

    ProgramFunctions? Look(int pid, ProcessMapping mapping)
    {
        _credit -= CostOfLook;
        try
        {
            using var file = ProcessFile.TryOpen(pid, mapping);
            mapping.IsNameless = file is null;
            return file is null ? null : Known(mapping, file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mapping.IsNameless = true;
            return null;
        }
    }

    ProgramFunctions Known(ProcessMapping mapping, SafeFileHandle file)
    {
        var identity = FileIdentity.Of(OpenFile.Status(file));
        mapping.Identity = identity;
        if (_known.TryGetValue(identity, out var known))
        {
            return known;
        }

        using var stream = new FileStream(file, FileAccess.Read, bufferSize: 0);
        var functions = ProgramFunctions.Read(stream);
        Reads++;
        _credit -= functions.Cost + CostOfFile;
        if (_known.Count >= MostFiles || _kept + functions.Cost > MostKept)
        {
            _known.Clear();
            _kept = 0;
        }

        _known[identity] = functions;
        _kept += functions.Cost;
        return functions;
    }
}
