using Pm.Linux;

namespace Pm.Stages.Projects;

/// <summary>Keeps what pm makes below a project out of version control: a <c>.gitignore</c> in its directory that names everything in it.</summary>
public static class IgnoreFile
{
    const string Name = ".gitignore";

    public static void Write(Project project)
    {
        ArgumentNullException.ThrowIfNull(project);
        using var directory = DirectoryHandle.OpenOrMake(project.RootPath, 0b111_101_101);
        DurableFile.ClearLeft(directory, isAlone: false);
        if (directory.Status(Name) is null)
        {
            DurableFile.Replace(Path.Join(project.RootPath, Name), "*\n"u8);
        }
    }
}
