using Pm.Packages;

namespace Pm.Daemon.Pages.Packages;

/// <summary>Modes as <c>ls -l</c> writes them: <c>-rwsr-xr-x</c>.</summary>
static class ModeText
{
    const int SetUser = 0b100_000_000_000;
    const int SetGroup = 0b010_000_000_000;
    const int Sticky = 0b001_000_000_000;

    public static string Of(PackageEntry entry)
    {
        Span<char> text = stackalloc char[10];
        text[0] = entry.Kind switch { EntryKind.Directory => 'd', EntryKind.Symlink => 'l', _ => '-' };
        for (var bit = 0; bit < 9; bit++)
        {
            text[1 + bit] = (entry.Mode & (0b100_000_000 >> bit)) != 0 ? "rwx"[bit % 3] : '-';
        }

        Mark(text, 3, entry.Mode & SetUser, 's');
        Mark(text, 6, entry.Mode & SetGroup, 's');
        Mark(text, 9, entry.Mode & Sticky, 't');
        return new string(text);
    }

    /// <summary>In capitals where nobody may execute it.</summary>
    static void Mark(Span<char> text, int at, int bit, char letter)
    {
        if (bit != 0)
        {
            text[at] = text[at] == 'x' ? letter : char.ToUpperInvariant(letter);
        }
    }
}
