// Who is signed in on this tab. Only names and rights are kept here; the proof is the server's HttpOnly cookie.
const PLACE = 'hall.session';

export function readSession() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE));
  } catch {
    return null;
  }
}

export const keepSession = (session) => sessionStorage.setItem(PLACE, JSON.stringify(session));
export const forgetSession = () => sessionStorage.removeItem(PLACE);
