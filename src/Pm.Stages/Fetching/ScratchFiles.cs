namespace Pm.Stages.Fetching;

/// <summary>Files without a name: they are gone when they are closed, however this process ends.</summary>
/// <param name="path">The directory they are in; made when the first is needed.</param>
sealed class ScratchFiles(string path)
{
    const int BufferSize = 256 * 1024;

    public FileStream Create()
    {
        Directory.CreateDirectory(path);
        var name = Path.Join(path, Path.GetRandomFileName());
        var file = new FileStream(name, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize);
        File.Delete(name);
        return file;
    }
}
