/** The field of a form that says which of the installed models is tried. */
export function ModelChoice({ models }: { models: readonly { name: string }[] }) {
  return (
    <label>
      Model
      <select name="model">
        {models.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}
