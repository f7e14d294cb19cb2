using System.Globalization;
using System.Text;

namespace Pm.Cli.Tests.Machines;

/// <summary>The files that a kernel finds in memory when it starts: a cpio archive of the "newc" form. Source: initramfs buffer format, Linux documentation.</summary>
sealed class InitialFiles
{
    const int DirectoryMode = 0x41ED;
    const int FileMode = 0x81A4;
    const int ProgramMode = 0x81ED;
    const int LinkMode = 0xA1FF;

    readonly SortedDictionary<string, (int Mode, Func<byte[]> Content)> _entries = new(StringComparer.Ordinal);

    public void Directory(string path)
    {
        if (path.Length > 0 && !_entries.ContainsKey(path))
        {
            Directory(Path.GetDirectoryName(path)!);
            _entries[path] = (DirectoryMode, () => []);
        }
    }

    public void Copy(string source, string path) => Add(path, ProgramMode, () => File.ReadAllBytes(source));

    public void Text(string path, string text, bool isProgram = false) => Add(path, isProgram ? ProgramMode : FileMode, () => Encoding.UTF8.GetBytes(text));

    public void Link(string path, string target) => Add(path, LinkMode, () => Encoding.UTF8.GetBytes(target));

    public void Save(string file)
    {
        using var archive = new BufferedStream(File.Create(file));
        var number = 1;
        foreach (var (path, (mode, content)) in _entries)
        {
            Write(archive, number++, path, mode, content());
        }

        Write(archive, 0, "TRAILER!!!", 0, []);
    }

    void Add(string path, int mode, Func<byte[]> content)
    {
        Directory(Path.GetDirectoryName(path)!);
        _entries[path] = (mode, content);
    }

    static void Write(Stream archive, int number, string path, int mode, byte[] content)
    {
        var name = Encoding.UTF8.GetBytes(path + "\0");
        var head = new StringBuilder("070701");
        foreach (var field in (int[])[number, mode, 0, 0, 1, 0, content.Length, 0, 0, 0, 0, name.Length, 0])
        {
            head.Append(field.ToString("X8", CultureInfo.InvariantCulture));
        }

        archive.Write(Encoding.ASCII.GetBytes(head.ToString()));
        archive.Write(name);
        Pad(archive, head.Length + name.Length);
        archive.Write(content);
        Pad(archive, content.Length);
    }

    static void Pad(Stream archive, int length) => archive.Write(new byte[-length & 3]);
}
