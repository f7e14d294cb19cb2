namespace Pm.Packages;

/// <summary>What packing makes of the modes it finds, so that umask and read-only trees do not change a package.</summary>
/// <remarks>Source: docs/formats/package.md, "Normalisation".</remarks>
public static class ModeRule
{
    const int SetId = 0b110_000_000_000;
    const int Sticky = 0b001_000_000_000;
    const int Permissions = 0b111_111_111;
    const int OwnerWrite = 0b010_000_000;
    const int OthersWrite = 0b000_010_010;
    const int OwnerReadWrite = 0b110_000_000;
    const int OwnerExecute = 0b001_000_000;
    const int EverybodyRead = 0b000_000_100;

    /// <summary>0444, 0664 → 0644; 0555, 0775 → 0755; 0400 → 0600; what is neither read-only nor writable by others stays.</summary>
    /// <param name="mode">The mode found; type bits are ignored.</param>
    /// <param name="keepsSetId">Whether set-id bits stay, and with them the mode as it is.</param>
    public static int OfFile(int mode, bool keepsSetId = false) =>
        keepsSetId && (mode & SetId) != 0 ? mode & (SetId | Permissions) : Normalise(mode & Permissions);

    /// <summary>As <see cref="OfFile"/>; who may read a directory may enter it; a sticky one (<c>tmp</c>) stays as it is.</summary>
    public static int OfDirectory(int mode, bool keepsSetId = false)
    {
        if ((mode & Sticky) != 0 || (keepsSetId && (mode & SetId) != 0))
        {
            return mode & (Sticky | Permissions | (keepsSetId ? SetId : 0));
        }

        return Normalise((mode & Permissions) | OwnerExecute);
    }

    static int Normalise(int mode)
    {
        if ((mode & OwnerWrite) != 0 && (mode & OthersWrite) == 0)
        {
            return mode | OwnerReadWrite;
        }

        // What others could not read stays hidden from them.
        return (mode & EverybodyRead) == 0 ? (mode | OwnerReadWrite) & ~OthersWrite
            : (mode & OwnerExecute) != 0 ? PackageEntry.DirectoryMode
            : PackageEntry.FileMode;
    }
}
